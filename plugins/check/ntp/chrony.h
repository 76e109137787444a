// What chronyd tells of this host's clock, by the protocol of its chronyc ("tracking", version 6).
// Knows nothing of the SDK and of sockets. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reading.h"

namespace shoal::ntp {

std::string tracking_request(std::uint32_t mark);

// What an answer says: the offset at the last update, or what chronyd still has to correct, if that
// is more. Nothing if it is no answer to this question.
std::optional<Reading> read_tracking(std::string_view datagram, std::uint32_t mark);

}  // namespace shoal::ntp
