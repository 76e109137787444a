// Whether more events of a burst are to be awaited before they are told together. For the thread of
// the call.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shoal::slack {

class Gathering {
 public:
  // So long is waited before the next look.
  static constexpr std::uint32_t pause_ms = 2'000;

  // `count` are offered at `now_ns` of a steady clock. True while they have become more since the
  // last look, for ten seconds at most.
  bool is_growing(std::size_t count, std::int64_t now_ns);
  // They are told, or there is no burst.
  void end() { count_ = 0; }

 private:
  std::size_t count_ = 0;  // at the last look; 0: none
  std::int64_t since_ns_ = 0;
};

}  // namespace shoal::slack
