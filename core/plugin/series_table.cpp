#include "plugin/series_table.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

namespace shoal::plugin {
namespace {

constexpr std::size_t most_series = 100'000;
constexpr std::size_t most_labels = 32;
constexpr std::size_t longest_label = 200;

// A counter silent for longer than this many intervals starts anew: a rate over the hole would
// belong to no minute.
constexpr int gap_intervals = 3;

constexpr std::array<std::string_view, 9> units{"float",     "integer",      "percentage",
                                                "seconds",   "milliseconds", "bytes",
                                                "bytes/sec", "bits/sec",     "iops"};

std::string label_fault(const record::Label& label) {
  if (label.key.empty()) return "a label's key is empty";
  if (label.key.size() > longest_label || label.value.size() > longest_label) {
    return fmt::format("label {} is longer than {} bytes", label.key.substr(0, 20), longest_label);
  }
  return {};
}

std::string fault_of(const SeriesDefinition& definition) {
  if (const auto fault = record::name_fault(definition.name); !fault.empty()) {
    return std::string(fault);
  }
  if (definition.labels.size() > most_labels) {
    return fmt::format("has more than {} labels", most_labels);
  }
  for (const auto& label : definition.labels) {
    if (auto fault = label_fault(label); !fault.empty()) return fault;
  }
  return {};
}

// Name and labels with their lengths, so that no two series share a key.
std::string key_of(const SeriesDefinition& definition) {
  auto key = definition.name;
  for (const auto& label : definition.labels) {
    key += fmt::format("\n{}:{}{}", label.key.size(), label.key, label.value);
  }
  return key;
}

}  // namespace

std::variant<std::uint32_t, std::string> SeriesTable::declare(SeriesDefinition definition) {
  if (!settings_.prefix.empty()) definition.name = settings_.prefix + "." + definition.name;
  if (auto fault = fault_of(definition); !fault.empty()) {
    return fmt::format("series {}: {}", definition.name.substr(0, 200), fault);
  }
  // A unit that only a newer host knows counts as none.
  if (std::find(units.begin(), units.end(), definition.unit) == units.end())
    definition.unit.clear();
  if (!(definition.per_seconds > 0) || !std::isfinite(definition.per_seconds)) {
    definition.per_seconds = 1;
  }

  auto key = key_of(definition);
  const auto [known, is_new] =
      handles_.try_emplace(key, static_cast<std::uint32_t>(series_.size()));
  if (is_new && series_.size() == most_series) {
    handles_.erase(known);
    return fmt::format("series {}: there are {} series already", definition.name, most_series);
  }
  if (is_new) {
    series_.push_back({std::move(definition), std::nullopt});
    remember(key, series_.back());
  } else if (series_[known->second].definition.kind != definition.kind) {
    return fmt::format("series {}: was declared before with another kind", definition.name);
  }
  return known->second;
}

void SeriesTable::remember(const std::string& key, Series& series) {
  const auto known = adopted_.extract(key);
  if (!known.empty() && series.definition.kind == SeriesKind::counter) series.last = known.mapped();
}

SeriesMemory SeriesTable::memory() const {
  SeriesMemory memory{.counters = adopted_, .scheduled = std::nullopt};
  for (const auto& [key, handle] : handles_) {
    if (const auto& last = series_[handle].last) memory.counters.emplace(key, *last);
  }
  if (has_begun_) memory.scheduled = scheduled_;
  return memory;
}

void SeriesTable::adopt(SeriesMemory memory) {
  adopted_ = std::move(memory.counters);
  for (const auto& [key, handle] : handles_) remember(key, series_[handle]);
  if (!memory.scheduled) return;
  has_begun_ = true;
  scheduled_ = *memory.scheduled;
}

void SeriesTable::begin_round(WallTime scheduled, SteadyTime began) {
  if (has_begun_) previous_scheduled_ = scheduled_;
  has_begun_ = true;
  scheduled_ = scheduled;
  began_ = began;
}

bool SeriesTable::is_sound(const shoal_point& point) const {
  return point.series < series_.size() && std::isfinite(point.value);
}

SeriesTable::Fate SeriesTable::take(const shoal_point& point, record::Sample& sample) {
  if (!is_sound(point)) return Fate::dropped;
  auto& series = series_[point.series];
  sample.value = point.value;
  switch (series.definition.kind) {
    case SeriesKind::gauge:
      sample.time = scheduled_;
      break;
    case SeriesKind::interval:
      sample.time = interval_start();
      break;
    case SeriesKind::counter:
      if (const auto fate = take_counter(series, point.value, sample); fate != Fate::sample) {
        return fate;
      }
      break;
  }
  if (point.time_ns != 0) sample.time = from_unix_nanoseconds(point.time_ns);
  sample.name = series.definition.name;
  sample.unit = series.definition.unit;
  sample.labels = series.definition.labels;
  sample.origin = settings_.origin;
  sample.custom_identifier = settings_.custom_identifier;
  return Fate::sample;
}

SeriesTable::Fate SeriesTable::take_counter(Series& series, double value,
                                            record::Sample& sample) const {
  const auto last = series.last;
  if (last && began_ <= last->began) return Fate::dropped;
  series.last = Reading{value, began_, scheduled_};
  if (!last) return Fate::silent;
  const auto elapsed = began_ - last->began;
  if (value < last->value || elapsed > gap_intervals * settings_.interval) return Fate::silent;
  const auto seconds = std::chrono::duration<double>(elapsed).count();
  sample.value = (value - last->value) / seconds * series.definition.per_seconds;
  sample.time = last->scheduled;
  return std::isfinite(sample.value) ? Fate::sample : Fate::dropped;
}

WallTime SeriesTable::interval_start() const {
  return previous_scheduled_.value_or(scheduled_ - settings_.interval);
}

}  // namespace shoal::plugin
