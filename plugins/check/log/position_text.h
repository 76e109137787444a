// Positions as the text in which they outlive a restart. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log_file.h"

namespace shoal::log {

std::string to_text(const std::vector<Position>& positions);

// Nothing if it is not such a text, or of a version that is not known.
std::optional<std::vector<Position>> parse_positions(std::string_view text);

}  // namespace shoal::log
