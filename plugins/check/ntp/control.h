// What ntpd tells of this host's clock, by the control messages of its ntpq (mode 6, "read
// variables"). Knows nothing of the SDK and of sockets. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reading.h"

namespace shoal::ntp {

std::string variables_request(std::uint16_t mark);

// What an answer says; nothing if it is none to this question.
std::optional<Reading> read_variables(std::string_view datagram, std::uint16_t mark);

}  // namespace shoal::ntp
