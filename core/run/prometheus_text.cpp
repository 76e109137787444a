#include <cmath>

#include <fmt/core.h>

#include "base/utf8.h"
#include "run/fields.h"
#include "run/go_float.h"
#include "run/metric_formats.h"
#include "run/sample_sink.h"

namespace shoal::run {
namespace {

// Reads one sample from its front; is_bad() tells whether what was read made sense.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  bool is_bad() const { return is_bad_; }
  const std::string& name() const { return name_; }
  const std::vector<record::Label>& labels() const { return labels_; }

  void read_series() {
    const std::size_t end = std::min(rest_.find_first_of("{ \t\r"), rest_.size());
    name_ = to_utf8(rest_.substr(0, end), 3 * end);
    rest_.remove_prefix(end);
    take_blanks();
    if (take('{')) read_labels();
    if (name_.empty()) is_bad_ = true;
  }

  // What stands behind the value and the time, an exemplar, is let be.
  std::string_view take_word() {
    const std::string_view word = take_field(rest_);
    if (!word.starts_with('#')) return word;
    rest_ = {};
    return {};
  }
  bool is_at_end() { return take_word().empty(); }

 private:
  void read_labels() {
    for (take_blanks(); !is_bad_ && !take('}'); take_blanks()) {
      std::string key = rest_.starts_with('"') ? take_quoted() : take_plain();
      take_blanks();
      if (take('=')) {
        take_blanks();
        std::string value = take_quoted();
        // An empty one is as good as none.
        if (!value.empty()) labels_.push_back({std::move(key), std::move(value)});
      } else if (name_.empty() && !key.empty()) {
        name_ = std::move(key);
      } else {
        is_bad_ = true;
      }
      take_blanks();
      if (!take(',') && !rest_.starts_with('}')) is_bad_ = true;
    }
  }

  std::string take_plain() {
    const std::size_t end = std::min(rest_.find_first_of("=,} \t"), rest_.size());
    const std::string key = to_utf8(rest_.substr(0, end), 3 * end);
    rest_.remove_prefix(end);
    if (key.empty()) is_bad_ = true;
    return key;
  }

  std::string take_quoted() {
    std::string text;
    if (!take('"')) is_bad_ = true;
    while (!is_bad_ && !take('"')) {
      if (rest_.empty()) {
        is_bad_ = true;
      } else {
        text += take_character();
      }
    }
    return to_utf8(text, 3 * text.size());
  }

  char take_character() {
    char c = rest_.front();
    rest_.remove_prefix(1);
    if (c != '\\' || rest_.empty()) return c;
    c = rest_.front();
    rest_.remove_prefix(1);
    return c == 'n' ? '\n' : c;
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void take_blanks() {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
  std::string name_;
  std::vector<record::Label> labels_;
  bool is_bad_ = false;
};

void read_line(std::string_view text, SampleSink& sink) {
  Line line(text);
  line.read_series();
  const std::optional<double> number = parse_go_float(line.take_word());
  const std::string_view time = line.take_word();
  const std::optional<std::int64_t> printed = parse_time(time);
  if (line.is_bad() || !number || (!time.empty() && !printed) || !line.is_at_end()) {
    return sink.drop(
        fmt::format("expected name{{labels}} and value, got {}", quoted(text, longest_quote)));
  }
  if (std::isnan(*number)) return;
  sink.keep({.name = dotted_name(line.name()), .labels = line.labels(), .value = *number}, printed);
}

}  // namespace

ParsedOutput parse_prometheus_text(std::string_view text, const MetricRules& rules,
                                   WallTime scheduled, WallTime finished) {
  return read_commented_lines(text, SampleSink(rules, scheduled, finished), read_line);
}

}  // namespace shoal::run
