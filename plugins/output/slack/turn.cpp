#include "turn.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace shoal::slack {
namespace {

constexpr std::int64_t millisecond_ns = 1'000'000;
constexpr std::int64_t second_ns = 1'000 * millisecond_ns;
// So much of a call is left for a post that it waits for.
constexpr std::int64_t time_to_post_ns = 5 * second_ns;
// Between two looks at whether the call is cancelled.
constexpr std::int64_t nap_ns = 50 * millisecond_ns;

}  // namespace

bool Turn::await(const Call& call) const {
  const auto now = clock_.steady_ns();
  const auto turn = next_ns_.value_or(now);
  if (turn <= now) return true;
  if (turn - now > second_ns || turn + time_to_post_ns > call.raw().deadline_ns) return false;
  for (auto rest = turn - now; rest > 0; rest -= nap_ns) {
    if (call.is_cancelled()) throw Failure("the call was cancelled", SHOAL_CANCELLED);
    std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(rest, nap_ns)));
  }
  return true;
}

void Turn::pass() {
  next_ns_ = clock_.steady_ns() + interval_ns_;
  held_.reset();
}

void Turn::hold(const PostFailure& failure) {
  const auto wait = static_cast<std::int64_t>(failure.retry_after_ms()) * millisecond_ns;
  next_ns_ = clock_.steady_ns() + std::max(wait, second_ns);
  if (wait > second_ns) held_ = failure;
}

void Turn::check() const {
  const auto rest = remaining_ms();
  if (held_ && rest > 0) throw PostFailure(held_->what(), held_->status(), rest);
}

std::uint32_t Turn::remaining_ms() const {
  const auto rest = next_ns_.value_or(clock_.steady_ns()) - clock_.steady_ns();
  const auto rounded_up = std::max<std::int64_t>(rest, 0) + millisecond_ns - 1;
  return static_cast<std::uint32_t>(rounded_up / millisecond_ns);
}

}  // namespace shoal::slack
