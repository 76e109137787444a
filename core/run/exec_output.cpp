#include "run/exec_output.h"

#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "base/utf8.h"
#include "run/go_float.h"

namespace shoal::run {
namespace {

constexpr std::chrono::seconds widest_clock_difference{900};
constexpr std::size_t longest_quote = 80;

// White space as Go's strings.Fields knows it; returns how many bytes of it stand at the front.
std::size_t space_size(std::string_view text) {
  const char front = text.front();
  if (front == ' ' || (front >= '\t' && front <= '\r')) return 1;
  if (static_cast<unsigned char>(front) < 0x80) return 0;
  constexpr std::array<std::string_view, 19> wide = {
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
      "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
      "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
  for (const std::string_view space : wide) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

// Takes the next field off the front of `rest`; empty when there is none.
std::string_view take_field(std::string_view& rest) {
  while (!rest.empty() && space_size(rest) != 0) rest.remove_prefix(space_size(rest));
  std::size_t end = 0;
  while (end < rest.size() && space_size(rest.substr(end)) == 0) ++end;
  const std::string_view field = rest.substr(0, end);
  rest.remove_prefix(end);
  return field;
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

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
      : rules_(rules), scheduled_(scheduled), finished_(finished) {}

  ParsedOutput parse(std::string_view text) {
    while (!text.empty()) {
      ++line_;
      accept(take_line(text));
    }
    if (line_ != 0 && metric_lines_ == 0) {
      parsed_.note(fmt::format("{} lines, none of them a metric: name, value, time", line_));
    }
    return std::move(parsed_);
  }

 private:
  using Key = std::pair<std::string_view, WallTime>;

  void accept(std::string_view line) {
    if (line.size() > longest_metric_line) {
      ++metric_lines_;
      return drop(fmt::format("longer than {} bytes", longest_metric_line));
    }
    const std::string_view name = take_field(line);
    const std::string_view value = take_field(line);
    const std::string_view time = take_field(line);
    if (time.empty()) return;
    ++metric_lines_;
    if (rules_.wants(name)) accept(name, value, time);
  }

  void accept(std::string_view name, std::string_view value, std::string_view time) {
    const std::optional<double> number = finite_number(name, value);
    const std::optional<WallTime> stamp = number ? time_of(name, time) : std::nullopt;
    if (!stamp) return;
    std::string full_name = rules_.metric_prefix.empty()
                                ? std::string(name)
                                : fmt::format("{}.{}", rules_.metric_prefix, name);
    if (const std::string_view fault = record::name_fault(full_name); !fault.empty()) {
      return drop(fmt::format("name {} {}", quoted(full_name, longest_quote), fault));
    }
    keep({.name = std::move(full_name),
          .value = *number,
          .time = *stamp,
          .custom_identifier = rules_.custom_identifier},
         name);
  }

  std::optional<double> finite_number(std::string_view name, std::string_view value) {
    const std::optional<double> number = parse_go_float(value);
    if (number && std::isfinite(*number)) return number;
    drop(fmt::format("{}: expected a {}number, got {}", quoted(name, longest_quote),
                     number ? "finite " : "", quoted(value, longest_quote)));
    return std::nullopt;
  }

  std::optional<WallTime> time_of(std::string_view name, std::string_view text) {
    if (!rules_.use_plugin_timestamp) return scheduled_;
    const std::optional<std::int64_t> seconds = parse_integer(text);
    const std::int64_t now = unix_seconds(finished_);
    constexpr std::int64_t window = widest_clock_difference.count();
    if (seconds && *seconds > now - window && *seconds < now + window) {
      return WallTime{std::chrono::seconds{*seconds}};
    }
    drop(fmt::format("{}: expected a time {}, got {}", quoted(name, longest_quote),
                     seconds ? "less than 15 minutes from now" : "in seconds",
                     quoted(text, longest_quote)));
    return std::nullopt;
  }

  void keep(record::Sample sample, std::string_view name) {
    const auto [known, is_new] =
        positions_.try_emplace(Key(name, sample.time), parsed_.records.size());
    if (!is_new) {
      drop(fmt::format("{} again, the value before is replaced", quoted(name, longest_quote)));
      parsed_.records[known->second] = std::move(sample);
    } else if (parsed_.records.size() == most_samples) {
      positions_.erase(known);
      drop(fmt::format("more than {} samples", most_samples));
    } else {
      parsed_.records.emplace_back(std::move(sample));
    }
  }

  void drop(std::string_view fault) { parsed_.drop(fmt::format("line {}: {}", line_, fault)); }

  const MetricRules& rules_;
  const WallTime scheduled_;
  const WallTime finished_;
  std::uint64_t line_ = 0;
  std::uint64_t metric_lines_ = 0;
  std::map<Key, std::size_t> positions_;
  ParsedOutput parsed_;
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
