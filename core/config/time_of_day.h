// Times as silences are written with. Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "config/settings.h"

namespace shoal::config {

// "22:00-06:00"; the end may be 24:00. Nothing for anything else, nor for one without length.
std::optional<SilenceSettings::Span> parse_time_span(std::string_view text);

// "2026-12-24T18:00:00Z", or with an offset such as "+09:00". Nothing for anything else.
std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace shoal::config
