#include <fmt/core.h>

#include "base/utf8.h"
#include "run/fields.h"
#include "run/go_float.h"
#include "run/metric_formats.h"
#include "run/sample_sink.h"

namespace shoal::run {
namespace {

std::optional<std::vector<record::Label>> read_tags(std::string_view rest) {
  std::vector<record::Label> labels;
  for (auto tag = take_field(rest); !tag.empty(); tag = take_field(rest)) {
    const std::size_t equals = tag.find('=');
    if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
    labels.push_back({to_utf8(tag.substr(0, equals), 3 * tag.size()),
                      to_utf8(tag.substr(equals + 1), 3 * tag.size())});
  }
  return labels;
}

void read_line(std::string_view line, SampleSink& sink) {
  std::string_view rest = line;
  std::string_view name = take_field(rest);
  if (name == "put") name = take_field(rest);
  const std::string_view time = take_field(rest);
  const std::string_view value = take_field(rest);
  if (name.empty()) return;
  const auto labels = read_tags(rest);
  const std::optional<double> number = parse_go_float(value);
  const std::optional<std::int64_t> printed = parse_time(time);
  if (!labels || !number || !printed) {
    return sink.drop(
        fmt::format("expected name, time, value and tags, got {}", quoted(line, longest_quote)));
  }
  sink.keep({.name = dotted_name(name), .labels = *labels, .value = *number}, printed);
}

}  // namespace

ParsedOutput parse_opentsdb_line(std::string_view text, const MetricRules& rules,
                                 WallTime scheduled, WallTime finished) {
  return read_lines(text, SampleSink(rules, scheduled, finished), read_line);
}

}  // namespace shoal::run
