#include "run/check_samples.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include <fmt/core.h>

#include "base/utf8.h"
#include "run/sample_sink.h"

namespace shoal::run {
namespace {

// A rate over a longer hole would belong to no round.
constexpr int gap_intervals = 3;

bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

std::string name_component(std::string_view text) {
  std::string component(text);
  std::replace_if(
      component.begin(), component.end(), [](char c) { return !is_of_a_name(c); }, '_');
  return component;
}

ParsedOutput CheckSamples::take(PerformanceData data, const MetricRules& rules, WallTime scheduled,
                                SteadyTime began) {
  ParsedOutput parsed{.dropped = data.dropped, .faults = std::move(data.faults)};
  const std::string prefix = rules.metric_prefix.empty() ? "" : rules.metric_prefix + ".";
  std::unordered_set<std::string> names;
  Readings readings;
  for (const auto& [label, quantity] : data.data) {
    if (!rules.wants(label)) continue;
    record::Sample sample{.name = prefix + base_ + "." + name_component(label),
                          .unit = std::string(quantity.unit),
                          .value = quantity.value,
                          .time = scheduled,
                          .custom_identifier = rules.custom_identifier};
    const std::string_view fault = record::name_fault(sample.name);
    if (!fault.empty()) {
      parsed.drop(
          fmt::format("performance data: name {} {}", quoted(sample.name, longest_quote), fault));
    } else if (!names.insert(sample.name).second) {
      parsed.drop(fmt::format("performance data: {} again, the value before is kept", sample.name));
    } else if (!quantity.is_counter) {
      parsed.records.emplace_back(std::move(sample));
    } else {
      readings[sample.name] = {quantity.value, began, scheduled};
      if (auto per_second = rate(std::move(sample), began)) {
        parsed.records.emplace_back(*std::move(per_second));
      }
    }
  }
  last_ = std::move(readings);
  return parsed;
}

std::optional<record::Sample> CheckSamples::rate(record::Sample sample, SteadyTime began) const {
  const auto last = last_.find(sample.name);
  if (last == last_.end()) return std::nullopt;
  const auto elapsed = began - last->second.began;
  if (elapsed <= elapsed.zero() || elapsed > gap_intervals * interval_) return std::nullopt;
  if (sample.value < last->second.value) return std::nullopt;
  sample.value =
      (sample.value - last->second.value) / std::chrono::duration<double>(elapsed).count();
  sample.time = last->second.scheduled;
  if (!std::isfinite(sample.value)) return std::nullopt;
  return sample;
}

}  // namespace shoal::run
