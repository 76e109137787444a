// The hard state of each check, as events tell it: what Consul shows does not flap with every
// result. A check of which no event has come yet counts its own attempts, so that an output that
// was added in the middle of a problem, or that is not given events, does not say that all is well.
// Pure; not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

namespace shoal::consul {

class HardStates {
 public:
  HardStates() = default;
  // What text() gave once; anything else is no state at all.
  explicit HardStates(std::string_view text);

  // An event older than one that came before changes nothing.
  void tell(std::string_view check, const shoal_event& event);
  // A new result; `attempts` in a row make a problem hard while no event has told more.
  void count(std::string_view check, std::uint32_t status, std::uint32_t attempts);
  void keep_only(const std::function<bool(std::string_view check)>& is_wanted);

  // SHOAL_CHECK_OK until told otherwise.
  std::uint32_t of(std::string_view check) const;

  // What events told, for the next start.
  std::string text() const;

 private:
  struct State {
    std::uint32_t status = SHOAL_CHECK_OK;
    std::int64_t event_ns = 0;  // 0: none yet
    std::uint32_t failures = 0;
  };
  std::map<std::string, State, std::less<>> states_;
};

}  // namespace shoal::consul
