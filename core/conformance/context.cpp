#include "conformance/context.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <set>

#include "base/utf8.h"
#include "conformance/names.h"

namespace shoal::conformance {
namespace {

constexpr std::uint32_t handles_apart = 1'000'000;
constexpr std::size_t most_points = 100'000;
constexpr std::size_t longest_report = 64 * 1024;

struct Everyone {
  std::mutex mutex;
  std::set<const void*> contexts;
  std::uint32_t next_handle = 1000;
};
Everyone& everyone() {
  static auto* all = new Everyone;  // NOLINT: plugins' threads may outlive main
  return *all;
}

std::uint32_t join(const void* context) {
  const std::lock_guard lock(everyone().mutex);
  everyone().contexts.insert(context);
  return everyone().next_handle += handles_apart;
}

std::string shown(std::string_view text) {
  return quoted(text, 80);
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = utf8_character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

// Labels are part of a series' identity.
std::string key_of(const shoal_series& series) {
  std::string key(series.name.data, series.name.size);
  for (std::uint32_t i = 0; i < series.labels.count; ++i) {
    const auto* label = SHOAL_AT(shoal_label, series.labels, i);
    key += '\n';
    key.append(label->key.data, label->key.size) += '=';
    key.append(label->value.data, label->value.size);
  }
  return key;
}

}  // namespace

Context::Context(Trial& trial, std::string job, std::string options_json)
    : trial_(trial),
      job_(std::move(job)),
      options_json_(std::move(options_json)),
      options_(options_json_),
      first_handle_(join(this)) {}

Context* Context::find(Trial& trial, shoal_context* handle, std::string_view function) {
  const std::lock_guard lock(everyone().mutex);
  if (everyone().contexts.count(handle) == 0) {
    trial.find(Rule::host_context, "{} was called with a context that create() never gave",
               function);
    return nullptr;
  }
  auto* const context = reinterpret_cast<Context*>(handle);
  const std::lock_guard own_lock(context->mutex_);
  if (context->phase_ == Phase::destroyed) {
    trial.find(Rule::host_destroyed, "{} was called after destroy() of its instance", function);
    return nullptr;
  }
  return context;
}

void Context::begin(Phase phase, const shoal_call* call) {
  const std::lock_guard lock(mutex_);
  phase_ = phase;
  call_ = call;
  said_ = {};
}

Context::Said Context::end() {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::idle;
  call_ = nullptr;
  return std::move(said_);
}

void Context::destroyed() {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::destroyed;
}

void Context::forget() {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::idle;
  handles_.clear();
  series_.clear();
  said_ = {};
}

std::string_view Context::check_text(shoal_text text, std::string_view what) {
  if (text.data == nullptr) {
    trial_.find(Rule::text_null, "{} has data NULL (size {})", what, text.size);
    return {};
  }
  const std::string_view view(text.data, text.size);
  if (!is_utf8(view)) trial_.find(Rule::text_utf8, "{} is {}", what, shown(view));
  if (view.find(secret_marker) != std::string_view::npos) {
    trial_.find(Rule::options_secret, "{} holds the value of a secret option", what);
  }
  return view;
}

void Context::log(std::uint32_t level, shoal_text message) {
  if (level > SHOAL_LOG_ERROR) trial_.find(Rule::host_log_level, "log() was given level {}", level);
  check_text(message, "a log line");
}

void Context::explain(shoal_text reason) {
  const auto view = check_text(reason, "a reason given to explain()");
  const std::lock_guard lock(mutex_);
  said_.is_explained = said_.is_explained || !view.empty();
  said_.reason = view.substr(0, 200);
}

void Context::explained_by_host() {
  const std::lock_guard lock(mutex_);
  said_.is_explained = true;
  said_.has_host_failed = true;
  said_.reason = "the host's own words";
}

std::size_t Context::series_count() const {
  const std::lock_guard lock(mutex_);
  return handles_.size();
}

void Context::requested(bool is_answered, bool is_success) {
  const std::lock_guard lock(mutex_);
  ++said_.requests;
  if (!is_answered) ++said_.unanswered_requests;
  if (!is_success) ++said_.failed_requests;
}

void Context::check_call(const shoal_call* call, std::string_view function) {
  const std::lock_guard lock(mutex_);
  if (call == call_ || phase_ == Phase::idle) return;
  trial_.find(Rule::host_call, "{} was given {} instead of the present call", function,
              call == nullptr ? "NULL" : "another call");
}

// ---- series ----

shoal_status Context::declare(const shoal_series* series, std::uint32_t* handle) {
  if (series == nullptr || handle == nullptr) {
    trial_.find(Rule::series_shape, "declare() was given {} NULL",
                series == nullptr ? "a series of" : "a handle of");
    return SHOAL_BUG;
  }
  if (!SHOAL_HAS(series, shoal_series, unit)) {
    trial_.find(Rule::series_shape, "declare() was given a series with size {}, expected {}",
                series->size, sizeof(shoal_series));
    return SHOAL_BUG;
  }
  const std::string name(check_text(series->name, "a series' name"));
  if (const auto fault = series_name_fault(name); !fault.empty()) {
    trial_.find(Rule::series_name, "{}: {}", shown(name), fault);
    explained_by_host();
    return SHOAL_FAILED;
  }
  check_series(*series);
  check_manifest(name, *series);

  const std::lock_guard lock(mutex_);
  if (handles_.size() >= most_points) {
    trial_.find(Rule::points_cap, "there are {} series already", handles_.size());
    return SHOAL_FAILED;
  }
  const auto next = static_cast<std::uint32_t>(first_handle_ + handles_.size());
  const auto [known, is_new] = handles_.try_emplace(key_of(*series), next);
  if (is_new) series_.push_back({name, series->kind, std::nullopt});
  *handle = known->second;
  return SHOAL_OK;
}

// A newer SDK may say more than we know; one of our age may not.
bool Context::is_size_wrong(std::uint32_t size, std::size_t own) const {
  const bool is_newer = trial_.subject().manifest.abi > plugin::host_abi();
  return size < own || (size > own && !is_newer);
}

void Context::check_series(const shoal_series& series) {
  const std::string name(series.name.data, series.name.size);
  if (series.kind > SHOAL_INTERVAL) {
    trial_.find(Rule::series_shape, "{} is declared with kind {}", name, series.kind);
  }
  const auto unit = check_text(series.unit, "unit of " + name);
  if (!is_unit(unit)) trial_.find(Rule::series_shape, "{} has the unit {}", name, shown(unit));
  if (is_size_wrong(series.size, sizeof series)) {
    trial_.find(Rule::series_shape, "{} is declared with size {}, expected {}", name, series.size,
                sizeof(shoal_series));
  }
  if (!SHOAL_HAS(&series, shoal_series, per_seconds)) return;
  if (!std::isfinite(series.per_seconds) || series.per_seconds < 0) {
    trial_.find(Rule::series_shape, "{} has per_seconds {}", name, series.per_seconds);
  }
  check_labels(series);
}

void Context::check_labels(const shoal_series& series) {
  const auto& labels = series.labels;
  if (labels.count == 0) return;
  if (labels.data == nullptr || labels.stride < sizeof(shoal_label)) {
    trial_.find(Rule::series_shape, "{} labels with data {} and stride {}", labels.count,
                labels.data == nullptr ? "NULL" : "set", labels.stride);
    return;
  }
  for (std::uint32_t i = 0; i < labels.count; ++i) {
    const auto* label = SHOAL_AT(shoal_label, labels, i);
    if (check_text(label->key, "a label's key").empty()) {
      trial_.find(Rule::series_shape, "a label has no key");
    }
    check_text(label->value, "a label's value");
  }
}

void Context::check_manifest(const std::string& name, const shoal_series& series) {
  const auto& patterns = trial_.subject().manifest.series;
  const auto found = std::find_if(patterns.begin(), patterns.end(), [&](const auto& pattern) {
    return matches_pattern(pattern.name, name);
  });
  if (found == patterns.end()) {
    trial_.find(Rule::series_manifest, "{} is declared, the manifest names no such series", name);
    return;
  }
  constexpr std::array<std::string_view, 3> kinds{"gauge", "counter", "interval"};
  if (series.kind < kinds.size() && found->kind != kinds[series.kind]) {
    trial_.find(Rule::series_manifest, "{} is declared as {}, the manifest says {}", name,
                kinds[series.kind], found->kind);
  }
  const std::string unit(series.unit.data == nullptr ? "" : series.unit.data, series.unit.size);
  if (plain_unit(found->unit) != plain_unit(unit)) {
    trial_.find(Rule::series_manifest, "{} is declared with unit \"{}\", the manifest says \"{}\"",
                name, unit, found->unit);
  }
}

// ---- points and reports ----

shoal_status Context::over(Rule rule, std::string_view function) {
  trial_.find(rule, "{} was called outside of a round", function);
  return SHOAL_CANCELLED;
}

shoal_status Context::emit(const shoal_call* call, const shoal_point* points, std::size_t count) {
  {
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::round) return over(Rule::points_round, "emit()");
  }
  check_call(call, "emit()");
  if (points == nullptr && count > 0) {
    trial_.find(Rule::points_shape, "emit() was given {} points at NULL", count);
    return SHOAL_BUG;
  }
  return take_points(points, count, sizeof(shoal_point));
}

shoal_status Context::take_points(const shoal_point* points, std::size_t count,
                                  std::size_t stride) {
  const std::lock_guard lock(mutex_);
  const auto* bytes = reinterpret_cast<const char*>(points);
  for (std::size_t i = 0; i < count; ++i) {
    if (said_.points == most_points) {
      trial_.find(Rule::points_cap, "a round emits more than {} points", most_points);
      return SHOAL_FAILED;
    }
    check_point(*reinterpret_cast<const shoal_point*>(bytes + i * stride));
    ++said_.points;
  }
  return SHOAL_OK;
}

void Context::check_point(const shoal_point& point) {
  if (point.series - first_handle_ >= handles_.size()) {
    trial_.find(Rule::points_declared, "a point has the series {}, which was not declared here",
                point.series);
  } else {
    check_counter(series_[point.series - first_handle_], point.value);
  }
  if (point.flags != 0) trial_.find(Rule::points_shape, "a point has the flags {}", point.flags);
  if (!std::isfinite(point.value)) {
    trial_.find(Rule::points_finite, "a point has the value {}", point.value);
  }
  if (point.time_ns != 0 && !is_plausible_time(point.time_ns)) {
    trial_.find(Rule::points_time, "a point has the time {} ns", point.time_ns);
  }
}

// A counter may start anew once: what it counts was restarted.
void Context::check_counter(Series& series, double value) {
  if (series.kind != SHOAL_COUNTER) return;
  if (series.last && value < *series.last && ++series.falls > 1) {
    trial_.find(Rule::points_counter, "the counter {} falls again and again, now from {} to {}",
                series.name, *series.last, value);
  }
  series.last = value;
}

shoal_status Context::report(const shoal_call* call, const shoal_check_report* report) {
  {
    const std::lock_guard lock(mutex_);
    const bool is_check = trial_.subject().kind() == plugin::Kind::check;
    if (phase_ != Phase::round || !is_check) return over(Rule::report_round, "report()");
  }
  check_call(call, "report()");
  if (report == nullptr || !SHOAL_HAS(report, shoal_check_report, text)) {
    trial_.find(Rule::report_shape, "report() was given {}",
                report == nullptr ? "NULL" : fmt::format("size {}", report->size));
    return SHOAL_BUG;
  }
  if (report->status > SHOAL_CHECK_UNKNOWN) {
    trial_.find(Rule::report_status, "report() was given the status {}", report->status);
  }
  check_text(report->text, "a report's text");
  if (report->text.size > longest_report && trial_.rule() != Rule::options_values) {
    trial_.find(Rule::report_length, "a report has {} bytes of text", report->text.size);
  }
  {
    const std::lock_guard lock(mutex_);
    ++said_.reports;
    said_.status = report->status;
  }
  if (is_size_wrong(report->size, sizeof *report)) {
    trial_.find(Rule::report_shape, "report() was given size {}, expected {}", report->size,
                sizeof(shoal_check_report));
  }
  if (!SHOAL_HAS(report, shoal_check_report, points)) return SHOAL_OK;
  const auto& points = report->points;
  if (points.count == 0) return SHOAL_OK;
  if (points.data == nullptr || points.stride < sizeof(shoal_point)) {
    trial_.find(Rule::report_shape, "a report has {} points with data {} and stride {}",
                points.count, points.data == nullptr ? "NULL" : "set", points.stride);
    return SHOAL_BUG;
  }
  return take_points(static_cast<const shoal_point*>(points.data), points.count, points.stride);
}

}  // namespace shoal::conformance
