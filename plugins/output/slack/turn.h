// When the webhook may be posted to: so many messages a second, later where Slack said so. For the
// thread of the call.
#pragma once

#include <cstdint>
#include <optional>

#include <shoal/plugin.hpp>

#include "clock.h"
#include "webhook.h"

namespace shoal::slack {

class Turn {
 public:
  // `rate`: messages a second.
  Turn(const Clock& clock, double rate)
      : clock_(clock), interval_ns_(static_cast<std::int64_t>(1e9 / rate)) {}

  // Waits for it, a second at most. False if the call would have too little time left to post.
  // Throws Failure (SHOAL_CANCELLED) if the call is cancelled.
  bool await(const Call& call) const;
  // A message was posted, or tried to be: the next may go an interval from now.
  void pass();
  std::int64_t interval_ns() const { return interval_ns_; }
  // Not before the time that `failure` names.
  void hold(const PostFailure& failure);

  // Throws the failure that is still held for, with the rest of its time.
  void check() const;
  std::uint32_t remaining_ms() const;

 private:
  const Clock& clock_;
  std::int64_t interval_ns_;
  std::optional<std::int64_t> next_ns_;
  std::optional<PostFailure> held_;
};

}  // namespace shoal::slack
