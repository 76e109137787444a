// mackerel-agent's durations: whole minutes. (Our own are those of base/quantity.h.) Pure
// functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace shoal::config {

// "10" (minutes), or a duration as Go writes it that comes to whole minutes: "10m", "1h30m",
// "1.5h", "60s". Nothing for anything else, and beyond a hundred years.
std::optional<std::chrono::minutes> parse_minutes(std::string_view text);

// The same for a bare integer; nothing for a negative one.
std::optional<std::chrono::minutes> to_minutes(std::int64_t count);

}  // namespace shoal::config
