// The series of one instance, and how its points become samples: counters into rates, times and
// prefixes added. Knows no clock: each round is told when it is. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include <shoal/types.h>

#include "base/clock.h"
#include "plugin/series_memory.h"
#include "record/record.h"

namespace shoal::plugin {

// As SHOAL_GAUGE and its kin.
enum class SeriesKind : std::uint8_t { gauge, counter, interval };

struct SeriesDefinition {
  SeriesKind kind = SeriesKind::gauge;
  std::string name;
  std::string unit;
  std::vector<record::Label> labels;
  double per_seconds = 1;
};

class SeriesTable {
 public:
  struct Settings {
    record::Origin origin = record::Origin::custom;
    std::string prefix;  // put before each name, with a dot between
    std::string custom_identifier;
    std::chrono::nanoseconds interval{std::chrono::minutes(1)};
  };
  explicit SeriesTable(Settings settings) : settings_(std::move(settings)) {}

  // The handle of the series; the same for the same name and labels. Or why there is none.
  std::variant<std::uint32_t, std::string> declare(SeriesDefinition definition);

  // The points that follow belong to the round planned for `scheduled` that began at `began`.
  void begin_round(WallTime scheduled, SteadyTime began);

  enum class Fate : std::uint8_t {
    sample,  // it is in `sample`
    silent,  // a counter with no rate yet: on first sight, after a reset or a gap
    dropped  // no such series, not a finite value, or a counter's second value in one round
  };
  Fate take(const shoal_point& point, record::Sample& sample);

  // Whether it is a finite value of a declared series.
  bool is_sound(const shoal_point& point) const;
  const SeriesDefinition& definition(std::uint32_t handle) const {
    return series_.at(handle).definition;
  }
  std::size_t size() const { return series_.size(); }

  SeriesMemory memory() const;
  // Goes on from there, also for series that are declared later. Call before the first round.
  void adopt(SeriesMemory memory);

 private:
  struct Series {
    SeriesDefinition definition;
    std::optional<Reading> last;  // counters only
  };

  void remember(const std::string& key, Series& series);
  Fate take_counter(Series& series, double value, record::Sample& sample) const;
  WallTime interval_start() const;

  Settings settings_;
  std::vector<Series> series_;
  std::unordered_map<std::string, std::uint32_t> handles_;
  std::unordered_map<std::string, Reading> adopted_;  // of counters that are not declared yet
  std::optional<WallTime> previous_scheduled_;
  WallTime scheduled_;
  SteadyTime began_;
  bool has_begun_ = false;
};

}  // namespace shoal::plugin
