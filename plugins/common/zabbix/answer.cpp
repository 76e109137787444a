#include "common/zabbix/answer.h"

#include <cmath>
#include <cstddef>

#include <nlohmann/json.hpp>

#include "common/fields.h"
#include "common/words.h"

namespace shoal::zabbix {
namespace {

using nlohmann::json;
using Kind = Answer::Kind;

constexpr std::string_view not_supported = "ZBX_NOTSUPPORTED";
// A tree of it takes many times the room.
constexpr std::size_t most_json = std::size_t{1} << 20;

std::string without_line_ends(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

// For messages: one line of bounded length.
std::string line_of(std::string text, std::size_t longest = 1000) {
  if (text.size() > longest) {
    auto end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text.resize(end);
    text += "...";
  }
  for (char& c : text) {
    if ((c >= 0 && c < ' ') || c == '\x7f') c = ' ';
  }
  return text;
}

Answer plain_answer(std::string text) {
  if (!text.starts_with(not_supported)) return {Kind::value, without_line_ends(std::move(text))};
  // Old agents give no reason, newer ones one behind a NUL.
  const auto behind = text.substr(not_supported.size());
  if (behind.size() < 2 || behind[0] != '\0') {
    return {Kind::not_supported, "the agent does not say why"};
  }
  return {Kind::not_supported, line_of(without_line_ends(behind.substr(1)))};
}

Answer answer_of_item(const json& item) {
  const auto error = item.find("error");
  if (error != item.end() && error->is_string()) return {Kind::not_supported, line_of(*error)};
  const auto value = item.find("value");
  if (value == item.end()) return {Kind::damaged, "neither a value nor an error in the answer"};
  if (value->is_null()) return {Kind::no_data, "the agent has no value"};
  if (value->is_string()) return {Kind::value, without_line_ends(*value)};
  // Its text is made by recursion, so of nothing that has depth.
  if (value->is_primitive()) return {Kind::value, value->dump()};
  return {Kind::damaged, "expected a text or number as the value"};
}

Answer json_answer(const std::string& text) {
  if (text.size() > most_json) {
    return {Kind::damaged, "expected at most " + std::to_string(most_json) +
                               " bytes of JSON, found " + std::to_string(text.size())};
  }
  const auto reply = json::parse(text, nullptr, false);
  if (!reply.is_object()) {
    return {Kind::damaged, "expected an answer in JSON, found " + common::quoted(text)};
  }
  const auto error = reply.find("error");
  if (error != reply.end() && error->is_string()) {
    return {Kind::damaged, "the agent refuses the request: " + line_of(*error)};
  }
  const auto data = reply.find("data");
  if (data == reply.end() || !data->is_array() || data->empty() || !data->front().is_object()) {
    return {Kind::damaged, "the answer has no data"};
  }
  return answer_of_item(data->front());
}

}  // namespace

std::optional<Protocol> protocol_of(std::string_view name) {
  if (name == "plain") return Protocol::plain;
  if (name == "json") return Protocol::json;
  if (name == "auto") return Protocol::automatic;
  return std::nullopt;
}

std::string Answer::reason() const {
  switch (kind) {
    case Kind::not_supported:
      return "not supported: " + text;
    case Kind::damaged:
      return "damaged answer: " + text;
    default:
      return text;
  }
}

std::optional<double> Answer::number() const {
  if (!is_value()) return std::nullopt;
  std::string_view rest = text;
  const auto field = common::take_field(rest);
  if (!field || common::take_field(rest)) return std::nullopt;
  const auto number = common::to_decimal(*field);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::string Answer::words() const {
  if (!number()) return common::quoted(text);
  std::string_view rest = text;
  return line_of(std::string(common::take_field(rest).value_or(rest)), 40);
}

std::string request_of(const std::string& key, Protocol protocol, std::int64_t timeout_seconds) {
  if (protocol == Protocol::plain) return key;
  const json request{
      {"request", "passive checks"},
      {"data", json::array({json{{"key", key}, {"timeout", timeout_seconds}}})},
  };
  return request.dump(-1, ' ', false, json::error_handler_t::replace);
}

Answer answer_of(const Reply& reply, Protocol protocol) {
  if (reply.is_tls) {
    return {Kind::tls_only,
            "it speaks TLS, expected a plain answer: its TLSAccept= must list unencrypted"};
  }
  if (reply.is_none) {
    return {Kind::denied,
            "it closed the connection without an answer; access denied? its Server= must list this "
            "host, its TLSAccept= unencrypted"};
  }
  if (!reply.fault.empty()) return {Kind::damaged, reply.fault};
  return protocol == Protocol::json ? json_answer(reply.text) : plain_answer(reply.text);
}

bool knows_no_json(const Reply& reply) {
  return reply.fault.empty() && reply.text.starts_with(not_supported);
}

}  // namespace shoal::zabbix
