// The wheel against an ordered map that does the same: over a million random operations, half of
// them at the borders between levels.
#include <map>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "schedule/timer_wheel.h"

using shoal::schedule::TimerWheel;
using Tick = TimerWheel::Tick;

namespace {

constexpr std::uint32_t seed = 20'260'101;
constexpr int life_count = 60;
constexpr int operations_per_life = 20'000;

Tick saturating_sum(Tick a, Tick b) {
  return a + b < a ? ~Tick{0} : a + b;
}

class Life {
 public:
  Life(std::mt19937_64& random, Tick now, std::size_t timer_count)
      : random_(random), wheel_(now), now_(now), timers_(timer_count), places_(timer_count) {}
  ~Life() {
    for (auto& timer : timers_) wheel_.disarm(timer);
  }

  // False as soon as wheel and model differ.
  bool operate() {
    switch (below(8)) {
      case 0:
      case 1:
      case 2:
      case 3:
        arm(below(timers_.size()), some_deadline());
        break;
      case 4:
      case 5:
        disarm(below(timers_.size()));
        break;
      case 6:
        return advance(next_stop()) && agree();
      default:
        return advance(some_time_ahead()) && agree();
    }
    return agree();
  }

 private:
  using Model = std::multimap<Tick, std::size_t>;

  std::size_t below(std::size_t limit) { return random_() % limit; }

  // All distances are equally likely on a logarithmic scale, up to the whole range.
  Tick some_distance(unsigned most_bits) { return random_() >> (64 - 1 - below(most_bits)); }

  // The tick at which the present enters a new slot of some level, or a tick beside it.
  Tick some_border() {
    const Tick span = Tick{1} << 6 * (1 + below(10));
    return saturating_sum(now_ / span * span, span * (1 + below(3))) + below(3) - 1;
  }

  Tick some_deadline() {
    switch (below(4)) {
      case 0:
        return now_ - std::min(now_, some_distance(20));
      case 1:
        return saturating_sum(now_, some_distance(63));
      default:
        return some_border();
    }
  }

  Tick some_time_ahead() {
    const bool is_huge = below(50) == 0;
    if (below(4) == 0) return std::min(some_border(), saturating_sum(now_, Tick{1} << 30));
    return saturating_sum(now_, some_distance(is_huge ? 58 : 24));
  }

  // The next expiry or the tick before it.
  Tick next_stop() { return model_.empty() ? now_ : model_.begin()->first - below(2); }

  void arm(std::size_t index, Tick due) {
    forget(index);
    wheel_.arm(timers_[index], due);
    places_[index] = model_.emplace(std::max(due, now_), index);
    is_in_model_[index] = true;
  }

  void disarm(std::size_t index) {
    forget(index);
    wheel_.disarm(timers_[index]);
  }

  void forget(std::size_t index) {
    if (is_in_model_[index]) model_.erase(places_[index]);
    is_in_model_[index] = false;
  }

  bool advance(Tick now) {
    now_ = std::max(now_, now);
    while (!model_.empty() && model_.begin()->first <= now_) {
      const std::size_t expected = model_.begin()->second;
      if (wheel_.pop_due(now_) != &timers_[expected] || timers_[expected].is_armed()) return false;
      model_.erase(model_.begin());
      is_in_model_[expected] = false;
    }
    return wheel_.pop_due(now_) == nullptr && wheel_.now() == now_;
  }

  bool agree() const {
    const auto due = wheel_.next_due();
    return model_.empty() ? !due : due == model_.begin()->first;
  }

  std::mt19937_64& random_;
  TimerWheel wheel_;
  Tick now_;
  std::vector<TimerWheel::Timer> timers_;
  Model model_;
  std::vector<Model::iterator> places_;
  std::vector<bool> is_in_model_ = std::vector<bool>(timers_.size());
};

}  // namespace

TEST_SUITE("TimerWheel") {
  TEST_CASE("does what an ordered map does, over a million random operations") {
    MESSAGE("seed " << seed << ", " << life_count * operations_per_life << " operations");
    std::mt19937_64 random(seed);

    for (int life = 0; life < life_count; ++life) {
      Life wheel_and_model(random, random() >> random() % 64, 1 + random() % 300);
      for (int operation = 0; operation < operations_per_life; ++operation) {
        CAPTURE(life);
        CAPTURE(operation);
        REQUIRE(wheel_and_model.operate());
      }
    }
  }
}
