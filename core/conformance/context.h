// The host's side of one instance under test: takes what the plugin says and holds it to the
// header, word for word. Thread-safe. Never freed, so that a call that comes too late is found.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.h>

#include "conformance/trial.h"
#include "plugin/option_values.h"

namespace shoal::conformance {

// What the plugin is allowed just now.
enum class Phase : std::uint8_t { idle, speaking, round, destroyed };

class Context {
 public:
  Context(Trial& trial, std::string job, std::string options_json);

  shoal_context* handle() { return reinterpret_cast<shoal_context*>(this); }
  // Null, and a finding, for a handle that is none or that belongs to a destroyed instance.
  static Context* find(Trial& trial, shoal_context* handle, std::string_view function);

  const std::string& job() const { return job_; }
  const std::string& options_json() const { return options_json_; }
  const plugin::OptionValues& options() const { return options_; }
  Trial& trial() const { return trial_; }

  // ---- around each call ----

  void begin(Phase phase, const shoal_call* call);
  struct Said {
    bool is_explained = false;
    std::string reason;
    std::size_t points = 0;
    std::size_t reports = 0;
    std::size_t failed_requests = 0;  // http answers that were no success
    std::size_t unanswered_requests = 0;
    std::uint32_t status = SHOAL_CHECK_UNKNOWN;  // the last that a check reported
    bool has_host_failed = false;  // some host function, and not by this plugin's fault
    std::size_t requests = 0;
  };
  Said end();
  void destroyed();
  // As new, for the next instance.
  void forget();
  std::size_t series_count() const;

  // ---- what the plugin says ----

  void log(std::uint32_t level, shoal_text message);
  void explain(shoal_text reason);
  // The host itself failed, and said why.
  void explained_by_host();
  shoal_status declare(const shoal_series* series, std::uint32_t* handle);
  shoal_status emit(const shoal_call* call, const shoal_point* points, std::size_t count);
  shoal_status report(const shoal_call* call, const shoal_check_report* report);
  void requested(bool is_answered, bool is_success);

  // Whether `call` is that of the present round.
  void check_call(const shoal_call* call, std::string_view function);
  // A text's faults, as findings; the text, or nothing when it cannot be read.
  std::string_view check_text(shoal_text text, std::string_view what);
  bool is_size_wrong(std::uint32_t size, std::size_t own) const;

 private:
  struct Series {
    std::string name;
    std::uint32_t kind;
    std::optional<double> last;
    int falls = 0;
  };

  void check_series(const shoal_series& series);
  void check_labels(const shoal_series& series);
  void check_manifest(const std::string& name, const shoal_series& series);
  shoal_status take_points(const shoal_point* points, std::size_t count, std::size_t stride);
  void check_point(const shoal_point& point);
  void check_counter(Series& series, double value);
  shoal_status over(Rule rule, std::string_view function);

  Trial& trial_;
  const std::string job_;
  const std::string options_json_;
  const plugin::OptionValues options_;
  const std::uint32_t first_handle_;  // no two contexts share handles

  mutable std::mutex mutex_;
  Phase phase_ = Phase::idle;
  const shoal_call* call_ = nullptr;
  std::map<std::string, std::uint32_t> handles_;
  std::vector<Series> series_;  // by handle
  Said said_;
};

}  // namespace shoal::conformance
