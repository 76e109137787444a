#include <fmt/core.h>

#include "base/utf8.h"
#include "run/fields.h"
#include "run/go_float.h"
#include "run/metric_formats.h"
#include "run/sample_sink.h"

namespace shoal::run {
namespace {

// "path;tag=value;...": the tags behind the path.
std::optional<std::vector<record::Label>> take_tags(std::string_view& path) {
  std::vector<record::Label> labels;
  const std::size_t end = path.find(';');
  if (end == std::string_view::npos) return labels;
  std::string_view rest = path.substr(end + 1);
  path = path.substr(0, end);
  while (!rest.empty()) {
    const std::string_view tag = rest.substr(0, rest.find(';'));
    const std::size_t equals = tag.find('=');
    if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
    labels.push_back({to_utf8(tag.substr(0, equals), tag.size()),
                      to_utf8(tag.substr(equals + 1), 3 * tag.size())});
    rest.remove_prefix(std::min(tag.size() + 1, rest.size()));
  }
  return labels;
}

void read_line(std::string_view line, SampleSink& sink) {
  std::string_view rest = line;
  std::string_view path = take_field(rest);
  const std::string_view value = take_field(rest);
  const std::string_view time = take_field(rest);
  if (path.empty()) return;
  const auto labels = take_tags(path);
  const std::optional<double> number = parse_go_float(value);
  const bool is_now = time == "-1";
  const std::optional<std::int64_t> printed = parse_time(time.substr(0, time.find('.')));
  if (!labels || !number || (!printed && !is_now)) {
    return sink.drop(
        fmt::format("expected path, value and time, got {}", quoted(line, longest_quote)));
  }
  sink.keep({.name = dotted_name(path), .labels = *labels, .value = *number}, printed);
}

}  // namespace

ParsedOutput parse_graphite_plaintext(std::string_view text, const MetricRules& rules,
                                      WallTime scheduled, WallTime finished) {
  return read_lines(text, SampleSink(rules, scheduled, finished), read_line);
}

}  // namespace shoal::run
