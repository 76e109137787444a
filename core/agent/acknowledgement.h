// What `shoal ack` asks of a running agent: one JSON object. Pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace shoal::agent {

struct AcknowledgementRequest {
  std::string job;  // "check:web"
  std::string by;
  std::string comment;
  std::optional<std::chrono::milliseconds> duration;  // absent: as long as the problem lasts
  bool is_removal = false;

  bool operator==(const AcknowledgementRequest&) const = default;
};

std::string to_json(const AcknowledgementRequest& request);
// Nothing if it is no such request.
std::optional<AcknowledgementRequest> parse_acknowledgement(std::string_view json);

}  // namespace shoal::agent
