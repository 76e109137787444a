#include "other_hosts.h"

#include <nlohmann/json.hpp>

#include "host.h"

namespace shoal::mackerel {
namespace {

constexpr std::int64_t ten_minutes_ns = 600LL * 1'000'000'000;
constexpr const char* not_retired =
    "&status=working&status=standby&status=maintenance&status=poweroff";

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return result;
}

std::string first_id_in(std::string_view answer) {
  const auto all = nlohmann::json::parse(answer, nullptr, false);
  const auto hosts = all.is_object() ? all.value("hosts", nlohmann::json::array()) : all;
  if (!hosts.is_array() || hosts.empty() || !hosts.front().is_object()) return {};
  return hosts.front().value("id", "");
}

std::string OtherHosts::id_of(const std::string& identifier, const Call& call, const Api& api,
                              std::int64_t now_ns) {
  const auto known = answers_.find(identifier);
  const bool is_known =
      known != answers_.end() &&
      (!known->second.id.empty() || now_ns - known->second.time_ns < ten_minutes_ns);
  if (is_known) return known->second.id;

  const auto answer =
      api.get(call, "/api/v0/hosts?customIdentifier=" + percent_encoded(identifier) + not_retired);
  auto id = first_id_in(answer);
  if (!is_host_id(id)) id.clear();
  answers_[identifier] = {id, now_ns};
  return id;
}

}  // namespace shoal::mackerel
