// A question to an NTP server and its answer (RFC 5905, as a client that keeps nothing). Knows
// nothing of the SDK and of sockets. Pure functions but for ntp_now().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reading.h"

namespace shoal::ntp {

// Seconds since 1900 in the upper half, their fraction in the lower; wraps around in 2036.
using Timestamp = std::uint64_t;

// This host's clock.
Timestamp ntp_now();

// `mark` is random: the answer repeats it, and whoever did not see the question does not know it.
std::string sntp_request(Timestamp mark);

// What an answer says; nothing if it is none to this question. `sent` and `received` are the times
// of question and answer by this host's clock.
std::optional<Reading> read_sntp(std::string_view datagram, Timestamp mark, Timestamp sent,
                                 Timestamp received);

}  // namespace shoal::ntp
