#include "run/exec_output.h"

#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/core.h>

#include "base/utf8.h"
#include "run/fields.h"
#include "run/go_float.h"
#include "run/sample_sink.h"

namespace shoal::run {
namespace {

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

class MetricLines {
 public:
  MetricLines(const MetricRules& rules, WallTime scheduled, WallTime finished)
      : sink_(rules, scheduled, finished) {}

  ParsedOutput parse(std::string_view text) {
    while (!text.empty()) {
      const std::string_view line = take_line(text);
      if (sink_.begin_line(line)) {
        accept(line);
      } else {
        ++metric_lines_;
      }
    }
    if (sink_.line() != 0 && metric_lines_ == 0) {
      sink_.note(fmt::format("{} lines, none of them a metric: name, value, time", sink_.line()));
    }
    return sink_.take();
  }

 private:
  void accept(std::string_view line) {
    const std::string_view name = take_field(line);
    const std::string_view value = take_field(line);
    const std::string_view time = take_field(line);
    if (time.empty()) return;
    ++metric_lines_;
    if (sink_.rules().wants(name)) accept(name, value, time);
  }

  void accept(std::string_view name, std::string_view value, std::string_view time) {
    const std::optional<double> number = finite_number(name, value);
    if (!number) return;
    std::optional<std::int64_t> seconds;
    if (sink_.rules().use_plugin_timestamp) {
      seconds = parse_integer(time);
      if (!seconds) return fail(name, "a time in seconds", time);
    }
    sink_.keep({.name = std::string(name), .value = *number}, seconds);
  }

  std::optional<double> finite_number(std::string_view name, std::string_view value) {
    const std::optional<double> number = parse_go_float(value);
    if (number && std::isfinite(*number)) return number;
    fail(name, number ? "a finite number" : "a number", value);
    return std::nullopt;
  }

  void fail(std::string_view name, std::string_view wanted, std::string_view found) {
    sink_.drop(fmt::format("{}: expected {}, got {}", quoted(name, longest_quote), wanted,
                           quoted(found, longest_quote)));
  }

  SampleSink sink_;
  std::uint64_t metric_lines_ = 0;
};

}  // namespace

bool MetricRules::wants(std::string_view name) const {
  if (include && !include->found_in(name)) return false;
  return !exclude || !exclude->found_in(name);
}

void ParsedOutput::drop(std::string fault) {
  ++dropped;
  note(std::move(fault));
}

void ParsedOutput::note(std::string fault) {
  if (faults.size() < most_faults) faults.push_back(std::move(fault));
}

ParsedOutput parse_metric_lines(std::string_view text, const MetricRules& rules, WallTime scheduled,
                                WallTime finished) {
  return MetricLines(rules, scheduled, finished).parse(text);
}

record::Status check_status(const ExitStatus& exit) {
  if (exit.by_signal || exit.code < 0 || exit.code > 3) return record::Status::unknown;
  return static_cast<record::Status>(exit.code);
}

std::string check_text(std::string_view output) {
  return to_utf8(output, longest_check_text);
}

}  // namespace shoal::run
