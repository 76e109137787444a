#include "payload.h"

#include <array>

#include <nlohmann/json.hpp>

#include "common/utf8.h"

namespace shoal::consul {
namespace {

using nlohmann::json;

// Consul keeps 4,096 bytes of a check's output and cuts anywhere.
constexpr std::size_t longest_output = 4000;

std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string duration(std::int64_t milliseconds) {
  return std::to_string(milliseconds) + "ms";
}

std::string_view word_of(std::uint32_t status) {
  constexpr std::array<std::string_view, 4> words = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  return words[status < words.size() ? status : SHOAL_CHECK_UNKNOWN];
}

}  // namespace

std::string cut(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return std::string(text);
  const auto remark = " ... (" + std::to_string(text.size()) + " bytes)";
  std::size_t end = 0;
  for (;;) {
    // What is no UTF-8 at all is replaced later, byte by byte.
    const auto length = std::max<std::size_t>(common::first_character_length(text.substr(end)), 1);
    if (end + length + remark.size() > longest) break;
    end += length;
  }
  return std::string(text.substr(0, end)) + remark;
}

std::string_view status_word(std::uint32_t status, std::string_view unknown) {
  switch (status) {
    case SHOAL_CHECK_OK:
      return "passing";
    case SHOAL_CHECK_WARNING:
      return "warning";
    case SHOAL_CHECK_CRITICAL:
      return "critical";
    default:
      return unknown;
  }
}

std::string output_of(std::uint32_t status, std::string_view text, std::uint32_t hard) {
  const auto word = word_of(status);
  std::string remark;
  if (word != word_of(hard)) {
    remark = std::string(word) + " (not confirmed yet): ";
  } else if (word == "UNKNOWN" && !text.starts_with(word)) {
    remark = "UNKNOWN: ";
  }
  return cut(remark + std::string(text), longest_output);
}

std::string service_json(const Service& service, std::string_view mark) {
  json body{{"ID", service.id}, {"Name", service.name}, {"Tags", service.tags}};
  body["Meta"]["shoal"] = mark;
  if (!service.address.empty()) body["Address"] = service.address;
  if (service.port != 0) body["Port"] = service.port;
  return dumped(body);
}

std::string registration_json(const Registration& registration, std::string_view status) {
  json body{{"ID", registration.id},
            {"Name", registration.name},
            {"TTL", duration(registration.ttl_ms)},
            {"Status", status}};
  if (!registration.notes.empty()) body["Notes"] = registration.notes;
  if (!registration.service_id.empty()) body["ServiceID"] = registration.service_id;
  if (registration.deregister_after_ms > 0) {
    body["DeregisterCriticalServiceAfter"] = duration(registration.deregister_after_ms);
  }
  return dumped(body);
}

std::string update_json(std::string_view status, std::string_view output) {
  return dumped({{"Status", status}, {"Output", output}});
}

}  // namespace shoal::consul
