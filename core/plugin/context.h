// The host's side of one instance: everything a plugin says arrives here, from whatever thread,
// and is kept until the call in which it was said is over. Thread-safe.
//
// Knows nothing of the ABI's tables; host_table.h turns its calls into these.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.h>

#include "plugin/instance.h"
#include "plugin/option_values.h"
#include "plugin/series_table.h"
#include "plugin/services.h"

namespace shoal::plugin {

class Context {
 public:
  struct Settings {
    std::string job;  // "metric:nginx"
    std::string output;
    std::string options_json;  // checked
    SeriesTable::Settings series;
    // In a plugin host: points are handed on as they were said, and the agent makes samples of
    // them.
    bool is_verbatim = false;
  };
  Context(Settings settings, const Services& services);

  // What plugins hand back to every host function.
  shoal_context* handle() { return reinterpret_cast<shoal_context*>(this); }
  static Context& of(shoal_context* handle) { return *reinterpret_cast<Context*>(handle); }

  const std::string& job() const { return settings_.job; }
  // The job's name without its kind: "nginx".
  std::string name() const { return settings_.job.substr(settings_.job.find(':') + 1); }
  const std::string& custom_identifier() const { return settings_.series.custom_identifier; }
  const std::string& output() const { return settings_.output; }
  const std::string& options_json() const { return settings_.options_json; }
  const OptionValues& options() const { return options_; }
  const Services& services() const { return services_; }

  // ---- what the plugin calls: shoal/plugin.h has the promises ----

  void log(std::uint32_t level, std::string_view message);
  void explain(std::string_view reason);
  shoal_status declare(SeriesDefinition definition, std::uint32_t& handle);
  shoal_status emit(std::span<const shoal_point> points);
  shoal_status report(std::uint32_t status, std::string_view text, const shoal_array& points);

  // ---- what the instance calls around each call of the plugin ----

  enum class Phase : std::uint8_t { idle, speaking, round };
  // `speaking`: only explain() counts; `round`: points and reports are taken too.
  void begin(Phase phase, const Call& call);

  struct Report {
    record::Status status = record::Status::unknown;
    std::string text;
  };
  struct Said {
    std::string reason;
    std::vector<record::Sample> samples;
    std::vector<shoal_point> points;  // verbatim: instead of samples
    std::optional<Report> report;
    std::uint64_t dropped = 0;
    bool is_abandoned = false;  // then the rest is empty
  };
  // What was said since begin().
  Said end();

  // For an instance that takes the place of this one's, and of the one whose place this one takes.
  SeriesMemory memory() const;
  void adopt(SeriesMemory memory);

  // Of a handle that declare() gave.
  SeriesDefinition definition(std::uint32_t handle);

  void cancel() noexcept;
  // From now on nothing that is said counts, for ever.
  void abandon() noexcept;
  // As the plugin polls it.
  const std::atomic<std::uint32_t>& cancel_flag() const { return cancel_; }

 private:
  bool is_round() const { return phase_ == Phase::round && !is_abandoned_; }
  bool take(const shoal_point& point);
  bool take_verbatim(const shoal_point& point);

  const Settings settings_;
  const Services& services_;
  const OptionValues options_;
  std::atomic<std::uint32_t> cancel_{0};

  mutable std::mutex mutex_;  // guards all below
  SeriesTable series_;
  Phase phase_ = Phase::idle;
  bool is_abandoned_ = false;
  Said said_;
  std::size_t point_count_ = 0;
  std::size_t sample_bytes_ = 0;
  std::size_t lines_ = 0;  // logged since the last call began
};

}  // namespace shoal::plugin
