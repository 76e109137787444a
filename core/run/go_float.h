// Numbers as commands for mackerel-agent may print them: what Go's ParseFloat accepts, which is
// more than the standard library does. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace shoal::run {

// Decimal with or without point and exponent, hexadecimal with a p exponent, underscores between
// digits, "inf", "infinity" and "nan" in any case. Empty for anything else and for a number too
// large for a double; one too small is 0. Does not depend on the locale.
std::optional<double> parse_go_float(std::string_view text);

}  // namespace shoal::run
