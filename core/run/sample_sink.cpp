#include "run/sample_sink.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "base/utf8.h"
#include "run/fields.h"

namespace shoal::run {
namespace {

constexpr std::chrono::seconds widest_clock_difference{900};
constexpr std::size_t most_labels = 32;
constexpr std::size_t longest_label = 200;

bool is_of_a_dotted_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

std::string fault_of(const record::Sample& sample) {
  const auto& labels = sample.labels;
  if (const std::string_view fault = record::name_fault(sample.name); !fault.empty()) {
    return std::string(fault);
  }
  if (labels.size() > most_labels) return fmt::format("has more than {} labels", most_labels);
  for (const auto& [key, value] : labels) {
    if (key.empty()) return "has a label without a key";
    if (key.size() > longest_label || value.size() > longest_label) {
      return fmt::format("has a label longer than {} bytes", longest_label);
    }
  }
  return {};
}

}  // namespace

bool SampleSink::begin_line(std::string_view line) {
  ++line_;
  if (line.size() <= longest_metric_line) return true;
  drop(fmt::format("longer than {} bytes", longest_metric_line));
  return false;
}

std::optional<WallTime> SampleSink::stamp(std::string_view name,
                                          std::optional<std::int64_t> printed_time) {
  if (!rules_.use_plugin_timestamp || !printed_time) return scheduled_;
  const std::int64_t now = unix_seconds(finished_);
  constexpr std::int64_t window = widest_clock_difference.count();
  if (*printed_time > now - window && *printed_time < now + window) {
    return WallTime{std::chrono::seconds{*printed_time}};
  }
  drop(fmt::format("{}: expected a time less than 15 minutes from now, got \"{}\"",
                   quoted(name, longest_quote), *printed_time));
  return std::nullopt;
}

void SampleSink::keep(record::Sample sample, std::optional<std::int64_t> printed_time) {
  const std::string name = sample.name;
  if (!rules_.wants(name)) return;
  if (!std::isfinite(sample.value)) {
    return drop(fmt::format("{}: expected a finite number, got {}", quoted(name, longest_quote),
                            sample.value));
  }
  const std::optional<WallTime> time = stamp(name, printed_time);
  if (!time) return;
  sample.time = *time;
  sample.custom_identifier = rules_.custom_identifier;
  if (!rules_.metric_prefix.empty()) sample.name = rules_.metric_prefix + "." + name;
  if (const std::string fault = fault_of(sample); !fault.empty()) {
    return drop(fmt::format("name {} {}", quoted(sample.name, longest_quote), fault));
  }
  put(std::move(sample), name);
}

void SampleSink::put(record::Sample sample, std::string_view printed_name) {
  const auto [known, is_new] = positions_.try_emplace(
      Identity{sample.name, sample.labels, sample.time}, parsed_.records.size());
  if (!is_new) {
    drop(
        fmt::format("{} again, the value before is replaced", quoted(printed_name, longest_quote)));
    parsed_.records[known->second] = std::move(sample);
  } else if (parsed_.records.size() == most_samples) {
    positions_.erase(known);
    drop(fmt::format("more than {} samples", most_samples));
  } else {
    parsed_.records.emplace_back(std::move(sample));
  }
}

void SampleSink::drop(std::string_view fault) {
  parsed_.drop(fmt::format("line {}: {}", line_, fault));
}

ParsedOutput read_lines(std::string_view text, SampleSink sink, ReadLine read_line) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (sink.begin_line(line)) read_line(line, sink);
  }
  return sink.take();
}

ParsedOutput read_commented_lines(std::string_view text, SampleSink sink, ReadLine read_line) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (!sink.begin_line(line)) continue;
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin != std::string_view::npos && line[begin] != '#') read_line(line.substr(begin), sink);
  }
  return sink.take();
}

std::string dotted_name(std::string_view text) {
  std::string name(text);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_of_a_dotted_name(c); }, '_');
  return name;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  constexpr std::size_t most_digits = 19;
  constexpr std::size_t digits_of_seconds = 10;
  if (text.empty() || text.size() > most_digits) return std::nullopt;
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  text = text.substr(0, digits_of_seconds);
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds;
}

}  // namespace shoal::run
