// Durations and sizes as people write them: "90s", "1h30m", "64MB". Stateless.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace shoal {

// Whole numbers with the units ms, s, m, h, d, largest first where there are several ("1h30m").
// Empty for anything else, a bare number too, and beyond a hundred years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// A whole number, bare or with B, kB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (powers of
// 1024), in any case. Empty for anything else and beyond 2^53.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace shoal
