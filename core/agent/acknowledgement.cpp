#include "agent/acknowledgement.h"

#include <nlohmann/json.hpp>

#include "base/utf8.h"

namespace shoal::agent {
namespace {

using Json = nlohmann::json;

// They stand in the first line of a notice.
constexpr std::size_t longest_comment = 1000;
constexpr std::size_t longest_name = 100;

std::string one_line(const Json& object, const char* key, std::size_t limit) {
  std::string text = to_utf8(object.value(key, ""), limit);
  for (char& c : text) {
    if (c >= 0 && c < ' ') c = ' ';
  }
  return text;
}

}  // namespace

std::string to_json(const AcknowledgementRequest& request) {
  Json json{{"job", request.job}, {"by", request.by}, {"comment", request.comment}};
  if (request.duration) json["for_ms"] = request.duration->count();
  if (request.is_removal) json["remove"] = true;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<AcknowledgementRequest> parse_acknowledgement(std::string_view text) try {
  constexpr std::int64_t longest_ms = 100LL * 366 * 24 * 3600 * 1000;
  const Json json = Json::parse(text);
  AcknowledgementRequest request{.job = json.at("job").get<std::string>(),
                                 .by = one_line(json, "by", longest_name),
                                 .comment = one_line(json, "comment", longest_comment),
                                 .is_removal = json.value("remove", false)};
  if (json.contains("for_ms")) {
    const auto count = json.at("for_ms").get<std::int64_t>();
    if (count <= 0 || count > longest_ms) return std::nullopt;
    request.duration = std::chrono::milliseconds(count);
  }
  if (request.by.empty()) return std::nullopt;
  return request;
} catch (const Json::exception&) {
  return std::nullopt;
}

}  // namespace shoal::agent
