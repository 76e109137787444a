// Whether a check changes its mind too often, as Nagios reckons it: of the last 21 results, how
// many differ from the one before, the newest counting half as much again as the oldest. A value.
#pragma once

#include <cstdint>

namespace shoal::alert {

class Flapping {
 public:
  enum class Turn : std::uint8_t { none, began, ended };

  Flapping() = default;
  // As it was saved.
  Flapping(std::uint32_t changes, bool is_on) : changes_(changes & mask), is_on_(is_on) {}

  // Notes whether a result differs from the one before it, and says what comes of it.
  Turn note(bool is_change);

  bool is_on() const { return is_on_; }
  // Of all changes there could have been, weighted.
  double percent() const;
  // Bit 0 is the newest result.
  std::uint32_t changes() const { return changes_; }

  bool operator==(const Flapping&) const = default;

 private:
  static constexpr unsigned places = 20;
  static constexpr std::uint32_t mask = (1U << places) - 1;

  std::uint32_t changes_ = 0;
  bool is_on_ = false;
};

}  // namespace shoal::alert
