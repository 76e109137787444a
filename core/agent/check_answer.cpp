#include "agent/check_answer.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/time_text.h"

namespace shoal::agent {
namespace {

using Json = nlohmann::ordered_json;

// A round may be late, and one may be missed.
constexpr int most_intervals = 3;
constexpr std::chrono::seconds tolerance{10};

Json sample_json(const record::Sample& sample) {
  Json labels = Json::array();
  for (const auto& [key, value] : sample.labels) labels.push_back({key, value});
  return {{"name", sample.name},
          {"labels", std::move(labels)},
          {"value", sample.value},
          {"unit", sample.unit}};
}

record::Sample sample_of(const Json& json) {
  record::Sample sample{.name = json.at("name").get<std::string>(),
                        .unit = json.at("unit").get<std::string>(),
                        .value = json.at("value").get<double>()};
  for (const Json& label : json.at("labels")) {
    sample.labels.push_back({label.at(0).get<std::string>(), label.at(1).get<std::string>()});
  }
  return sample;
}

std::string_view unit_of_measurement(std::string_view unit) {
  if (unit == "seconds") return "s";
  if (unit == "milliseconds") return "ms";
  if (unit == "percentage") return "%";
  if (unit == "bytes") return "B";
  return "";
}

// With the labels' values behind the name, in quotes where there is need to.
std::string label_of(const record::Sample& sample) {
  std::string label = sample.name;
  for (const auto& [key, value] : sample.labels) label += "." + value;
  std::replace(label.begin(), label.end(), '=', '_');
  if (label.find_first_of(" '|\t\r\n") == std::string::npos) return label;
  std::string in_quotes = "'";
  for (const char c : label) {
    if (c == '\'') in_quotes += c;
    in_quotes += c == '|' || (c >= '\t' && c <= '\r') ? ' ' : c;
  }
  return in_quotes + "'";
}

// What stands behind a "|" would be read as performance data.
std::string without_bars(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (c == '|') {
      kept += "\u00a6";
    } else {
      kept += c;
    }
  }
  return kept;
}

std::string plugin_text(const record::CheckResult& result) {
  std::string text = without_bars(result.text);
  std::string performance_data;
  for (const record::Sample& one : result.samples) {
    performance_data +=
        fmt::format(" {}={:.12g}{}", label_of(one), one.value, unit_of_measurement(one.unit));
  }
  if (performance_data.empty()) return text;
  return text.insert(std::min(text.find('\n'), text.size()), " |" + performance_data);
}

}  // namespace

std::string to_json(const LastResult& last, WallTime now) {
  const record::CheckResult& result = last.result;
  Json samples = Json::array();
  for (const record::Sample& one : result.samples) samples.push_back(sample_json(one));
  const std::string stale = staleness(last, now);
  const Json json{{"name", result.name},
                  {"status", record::status_name(result.status)},
                  {"code", static_cast<int>(result.status)},
                  {"text", result.text},
                  {"time", rfc3339(result.time)},
                  {"time_ms", unix_milliseconds(result.time)},
                  {"interval_ms", last.interval.count()},
                  {"timeout_ms", last.timeout.count()},
                  {"is_command", last.is_command},
                  {"stale", stale.empty() ? Json() : Json(stale)},
                  {"samples", std::move(samples)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

LastResult last_result_from_json(const std::string& text) try {
  const Json json = Json::parse(text);
  const int code = json.at("code").get<int>();
  LastResult last{
      .result = {.name = json.at("name").get<std::string>(),
                 .text = json.at("text").get<std::string>(),
                 .time = from_unix_milliseconds(json.at("time_ms").get<std::int64_t>())},
      .is_command = json.at("is_command").get<bool>(),
      .interval = std::chrono::milliseconds(json.at("interval_ms").get<std::int64_t>()),
      .timeout = std::chrono::milliseconds(json.at("timeout_ms").get<std::int64_t>())};
  if (code >= 0 && code <= 3) last.result.status = static_cast<record::Status>(code);
  for (const Json& one : json.at("samples")) last.result.samples.push_back(sample_of(one));
  return last;
} catch (const Json::exception& error) {
  throw Error(fmt::format("the agent's answer cannot be read: {}", error.what()));
}

std::string staleness(const LastResult& last, WallTime now) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  const auto age = now - last.result.time;
  const auto most = std::max(most_intervals * last.interval, last.interval + last.timeout);
  if (age <= most + tolerance) return {};
  return fmt::format("the last result of {} is {} s old, one was due each {} s", last.result.name,
                     duration_cast<seconds>(age).count(),
                     duration_cast<seconds>(last.interval).count());
}

std::string nagios_text(const record::CheckResult& result, bool is_command) {
  std::string text = is_command ? result.text : plugin_text(result);
  if (text.empty()) text = record::status_name(result.status);
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace shoal::agent
