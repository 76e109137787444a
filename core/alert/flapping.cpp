#include "alert/flapping.h"

namespace shoal::alert {
namespace {

constexpr double low_percent = 25;
constexpr double high_percent = 50;
constexpr double oldest_weight = 0.8;
constexpr double newest_weight = 1.2;

}  // namespace

Flapping::Turn Flapping::note(bool is_change) {
  changes_ = (changes_ << 1U | (is_change ? 1U : 0U)) & mask;
  const double now = percent();
  if (!is_on_ && now >= high_percent) {
    is_on_ = true;
    return Turn::began;
  }
  if (is_on_ && now < low_percent) {
    is_on_ = false;
    return Turn::ended;
  }
  return Turn::none;
}

double Flapping::percent() const {
  constexpr double step = (newest_weight - oldest_weight) / (places - 1);
  double sum = 0;
  for (unsigned age = 0; age < places; ++age) {
    if ((changes_ >> age & 1U) != 0) sum += newest_weight - age * step;
  }
  return sum * 100 / places;
}

}  // namespace shoal::alert
