// shoal history: the past of a series, or of a check as check:NAME, read from the file of the local
// history, with or without an agent running.

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

void show_results(const std::string& name, const std::vector<history::Result>& results,
                  bool is_json) {
  Json all = Json::array();
  for (const history::Result& result : results) {
    const auto status = record::status_name(result.status);
    if (is_json) {
      all.push_back(
          {{"time", unix_seconds(result.time)}, {"status", status}, {"text", result.text}});
    } else {
      fmt::print("{:%Y-%m-%d %H:%M:%S}  {:<9}{}\n",
                 fmt::localtime(static_cast<time_t>(unix_seconds(result.time))), status,
                 result.text.substr(0, result.text.find('\n')));
    }
  }
  if (is_json) {
    fmt::print("{}\n", Json{{"name", name}, {"results", all}}.dump(2, ' ', false,
                                                                   Json::error_handler_t::replace));
  } else if (results.empty()) {
    fmt::print("{}: nothing in this time\n", name);
  }
}

}  // namespace

int show_history(const Arguments& arguments) {
  const WallTime from = since(arguments);
  const std::string& name = arguments.operands.front();
  history::Reader reader(history_file(require_configuration(arguments)));
  if (name.starts_with(check_prefix)) {
    const auto results = reader.results(name.substr(check_prefix.size()), from);
    if (!results) fail_unknown(reader, name);
    show_results(name, *results, arguments.has("json"));
  } else {
    const auto series = reader.series(name, from);
    if (!series) fail_unknown(reader, name);
    show_series(name, *series, arguments.has("json"));
  }
  return 0;
}

}  // namespace shoal::agent
