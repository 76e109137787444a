#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/utf8.h"
#include "run/fields.h"
#include "run/go_float.h"
#include "run/metric_formats.h"
#include "run/sample_sink.h"

namespace shoal::run {
namespace {

// Reads one line from its front. Each function takes what it names, or marks the line as bad.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  bool is_bad() const { return is_bad_; }

  std::string take_measurement() { return take_until(", "); }

  std::vector<record::Label> take_tags() {
    std::vector<record::Label> labels;
    while (take(',')) {
      std::string key = take_key();
      labels.push_back({std::move(key), take_until(", ")});
    }
    return labels;
  }

  struct Field {
    std::string key;
    std::string_view value;
  };
  std::vector<Field> take_fields() {
    std::vector<Field> fields;
    take_blanks();
    do {
      std::string key = take_key();
      fields.push_back({std::move(key), take_value()});
    } while (!is_bad_ && take(','));
    return fields;
  }

  // What is left, a time or nothing.
  std::string_view take_time() {
    const std::string_view time = take_field(rest_);
    if (!take_field(rest_).empty()) is_bad_ = true;
    return time;
  }

 private:
  // Up to one of `ends`, with backslashes before these, "=" and themselves resolved.
  std::string take_until(std::string_view ends) {
    std::string text;
    std::size_t at = 0;
    while (at < rest_.size() && ends.find(rest_[at]) == std::string_view::npos) {
      const bool is_escaped =
          rest_[at] == '\\' && at + 1 < rest_.size() &&
          std::string_view(", =\\").find(rest_[at + 1]) != std::string_view::npos;
      if (is_escaped) ++at;
      text += rest_[at++];
    }
    rest_.remove_prefix(at);
    if (text.empty()) is_bad_ = true;
    return to_utf8(text, 3 * text.size());
  }

  std::string take_key() {
    std::string key = take_until("=, ");
    if (!take('=')) is_bad_ = true;
    return key;
  }

  std::string_view take_value() {
    const std::size_t end = rest_.starts_with('"') ? end_of_text() : rest_.find_first_of(", \r");
    const std::string_view value = rest_.substr(0, end);
    rest_.remove_prefix(value.size());
    if (value.empty()) is_bad_ = true;
    return value;
  }

  std::size_t end_of_text() {
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '\\') {
        ++at;
      } else if (rest_[at] == '"') {
        return at + 1;
      }
    }
    is_bad_ = true;
    return rest_.size();
  }

  bool take(char c) {
    if (is_bad_ || !rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void take_blanks() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
  bool is_bad_ = false;
};

bool is_text(std::string_view value) {
  return value.starts_with('"');
}

// Numbers, whole ones with their suffix, and truth values.
std::optional<double> parse_value(std::string_view value) {
  constexpr std::array<std::string_view, 5> yes{"t", "T", "true", "True", "TRUE"};
  constexpr std::array<std::string_view, 5> no{"f", "F", "false", "False", "FALSE"};
  if (std::find(yes.begin(), yes.end(), value) != yes.end()) return 1;
  if (std::find(no.begin(), no.end(), value) != no.end()) return 0;
  if (value.ends_with('i') || value.ends_with('u')) value.remove_suffix(1);
  return parse_go_float(value);
}

void read_line(std::string_view text, SampleSink& sink) {
  Line line(text);
  const std::string measurement = line.take_measurement();
  const std::vector<record::Label> tags = line.take_tags();
  const std::vector<Line::Field> fields = line.take_fields();
  const std::string_view time = line.take_time();
  const std::optional<std::int64_t> printed = parse_time(time);
  if (line.is_bad() || (!time.empty() && !printed)) {
    return sink.drop(
        fmt::format("expected measurement, fields and time, got {}", quoted(text, longest_quote)));
  }
  for (const auto& [key, value] : fields) {
    if (is_text(value)) continue;
    const std::string name = measurement + "." + key;
    if (const std::optional<double> number = parse_value(value)) {
      sink.keep({.name = dotted_name(name), .labels = tags, .value = *number}, printed);
    } else {
      sink.drop(fmt::format("{}: expected a number, got {}", quoted(name, longest_quote),
                            quoted(value, longest_quote)));
    }
  }
}

}  // namespace

ParsedOutput parse_influxdb_line(std::string_view text, const MetricRules& rules,
                                 WallTime scheduled, WallTime finished) {
  return read_commented_lines(text, SampleSink(rules, scheduled, finished), read_line);
}

}  // namespace shoal::run
