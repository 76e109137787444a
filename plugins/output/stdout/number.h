// Numbers as short text. Pure functions.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

namespace shoal::stdout_output {

template <class Number>
void append_digits(std::string& line, Number number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  line.append(digits.data(), end);
}

// A value so that it reads back the same; whole numbers without an exponent as long as they are
// exact.
inline void append_value(std::string& line, double value) {
  constexpr double first_inexact = 9007199254740992;
  if (std::trunc(value) == value && std::fabs(value) < first_inexact) {
    append_digits(line, static_cast<std::int64_t>(value));
  } else {
    append_digits(line, value);
  }
}

}  // namespace shoal::stdout_output
