// shoal history: the past of a series, or of a check as check:NAME, read from the file of the local
// history, with or without an agent running.

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "agent/commands.h"
#include "agent/configuration.h"
#include "agent/history_text.h"
#include "base/quantity.h"
#include "history/reader.h"

namespace shoal::agent {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view check_prefix = "check:";

WallTime since(const Arguments& arguments) {
  const std::string text = arguments.value("since").value_or("1h");
  const auto duration = parse_duration(text);
  if (!duration) {
    throw UsageError(
        fmt::format("--since: expected a duration like 30m, 6h or 7d, got \"{}\"", text));
  }
  return SystemClock().wall() - *duration;
}

[[noreturn]] void fail_unknown(history::Reader& reader, const std::string& name) {
  std::string text = fmt::format("history: nothing is known of {}", name);
  const auto similar = reader.names_like(name);
  for (std::size_t i = 0; i < similar.size(); ++i) {
    text += (i == 0 ? "; did you mean " : " or ") + similar[i];
  }
  throw Error(text);
}

void show_series(const std::string& name, const history::Series& series, bool is_json) {
  if (!is_json) {
    std::vector<PlotPoint> points;
    for (const history::Point& point : series.points) points.push_back({point.time, point.value});
    fmt::print("{}", series_text(name, points));
    return;
  }
  Json points = Json::array();
  for (const history::Point& point : series.points) {
    points.push_back({{"time", unix_seconds(point.time)},
                      {"value", point.value},
                      {"minimum", point.minimum},
                      {"maximum", point.maximum}});
  }
  fmt::print("{}\n", Json{{"name", name}, {"unit", series.unit}, {"points", points}}.dump(2));
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

void print_json(const Json& json) {
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
}

Json to_json(const history::Result& result) {
  return {{"time", unix_seconds(result.time)},
          {"status", record::status_name(result.status)},
          {"text", result.text}};
}

Json to_json(const history::Transition& event) {
  return {{"time", unix_seconds(event.time)},
          {"from", record::status_name(event.from)},
          {"to", record::status_name(event.to)},
          {"since", unix_seconds(event.since)},
          {"text", event.text}};
}

std::string to_line(const history::Result& result) {
  return fmt::format("{:<9}{}", record::status_name(result.status), first_line(result.text));
}

std::string to_line(const history::Transition& event) {
  if (event.from == event.to) {
    return fmt::format("  * {}  {}", record::status_name(event.to), first_line(event.text));
  }
  return fmt::format("  * {} -> {}  since {:%H:%M:%S}  {}", record::status_name(event.from),
                     record::status_name(event.to),
                     fmt::localtime(static_cast<time_t>(unix_seconds(event.since))),
                     first_line(event.text));
}

// What the check said and, with a star, what people were told of it, in the order of time.
void show_check(const std::string& name, const std::vector<history::Result>& results,
                const std::vector<history::Transition>& events, bool is_json) {
  if (is_json) {
    Json all{{"name", name}, {"results", Json::array()}, {"events", Json::array()}};
    for (const auto& result : results) all["results"].push_back(to_json(result));
    for (const auto& event : events) all["events"].push_back(to_json(event));
    return print_json(all);
  }
  std::vector<std::pair<WallTime, std::string>> lines;
  for (const auto& result : results) lines.emplace_back(result.time, to_line(result));
  for (const auto& event : events) lines.emplace_back(event.time, to_line(event));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [time, line] : lines) {
    fmt::print("{:%Y-%m-%d %H:%M:%S}  {}\n",
               fmt::localtime(static_cast<time_t>(unix_seconds(time))), line);
  }
  if (lines.empty()) fmt::print("{}: nothing in this time\n", name);
}

}  // namespace

int show_history(const Arguments& arguments) {
  const WallTime from = since(arguments);
  const std::string& name = arguments.operands.front();
  history::Reader reader(history_file(require_configuration(arguments)));
  if (name.starts_with(check_prefix)) {
    const auto results = reader.results(name.substr(check_prefix.size()), from);
    if (!results) fail_unknown(reader, name);
    show_check(name, *results, reader.transitions(from, name), arguments.has("json"));
  } else {
    const auto series = reader.series(name, from);
    if (!series) fail_unknown(reader, name);
    show_series(name, *series, arguments.has("json"));
  }
  return 0;
}

}  // namespace shoal::agent
