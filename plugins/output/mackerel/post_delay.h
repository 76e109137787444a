// When a host posts: at a second of the minute of its own, so that the hosts of the world do not
// post all at once. Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace shoal::mackerel {

std::array<std::uint8_t, 20> sha1(std::string_view bytes);

// The host's second of the minute, 0 to 59: the last byte of the SHA-1 of its id, modulo 60.
int post_second(std::string_view host_id);

// The first such second after `now_ns`, as Unix time in nanoseconds.
std::int64_t next_post_ns(std::string_view host_id, std::int64_t now_ns);

}  // namespace shoal::mackerel
