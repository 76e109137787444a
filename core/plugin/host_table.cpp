#include "plugin/host_table.h"

#include <span>

#include "plugin/border.h"
#include "plugin/service_tables.h"

namespace shoal::plugin {
namespace {

void SHOAL_CALL write_log(shoal_context* handle, std::uint32_t level, shoal_text message) noexcept {
  guarded(handle, [&](Context& context) {
    context.log(level, view_of(message));
    return SHOAL_OK;
  });
}

void SHOAL_CALL explain(shoal_context* handle, shoal_text reason) noexcept {
  guarded(handle, [&](Context& context) {
    context.explain(view_of(reason));
    return SHOAL_OK;
  });
}

// Reads no further than the plugin's SDK wrote.
SeriesDefinition definition_of(const shoal_series& series) {
  SeriesDefinition definition;
  if (series.kind == SHOAL_COUNTER) definition.kind = SeriesKind::counter;
  if (series.kind == SHOAL_INTERVAL) definition.kind = SeriesKind::interval;
  definition.name = view_of(series.name);
  definition.unit = view_of(series.unit);
  if (SHOAL_HAS(&series, shoal_series, labels) && series.labels.data != nullptr) {
    for (std::uint32_t i = 0; i < series.labels.count; ++i) {
      const auto* label = SHOAL_AT(shoal_label, series.labels, i);
      definition.labels.push_back(
          {std::string(view_of(label->key)), std::string(view_of(label->value))});
    }
  }
  if (SHOAL_HAS(&series, shoal_series, per_seconds)) definition.per_seconds = series.per_seconds;
  return definition;
}

shoal_status SHOAL_CALL declare(shoal_context* handle, const shoal_series* series,
                                std::uint32_t* number) noexcept {
  return guarded(handle, [&](Context& context) -> shoal_status {
    if (series == nullptr || number == nullptr || !SHOAL_HAS(series, shoal_series, unit)) {
      context.explain("declare() was given no series");
      return SHOAL_BUG;
    }
    return context.declare(definition_of(*series), *number);
  });
}

shoal_status SHOAL_CALL emit(shoal_context* handle, const shoal_call*, const shoal_point* points,
                             std::size_t count) noexcept {
  return guarded(handle, [&](Context& context) {
    return context.emit(std::span(points, points == nullptr ? 0 : count));
  });
}

shoal_status SHOAL_CALL report(shoal_context* handle, const shoal_call*,
                               const shoal_check_report* report) noexcept {
  return guarded(handle, [&](Context& context) -> shoal_status {
    if (report == nullptr || !SHOAL_HAS(report, shoal_check_report, text)) {
      context.explain("report() was given no report");
      return SHOAL_BUG;
    }
    shoal_array points{};
    if (SHOAL_HAS(report, shoal_check_report, points) && report->points.data != nullptr) {
      points = report->points;
    }
    return context.report(report->status, view_of(report->text), points);
  });
}

}  // namespace

HostTable::HostTable(const Services& services)
    : table_{sizeof(shoal_host),
             SHOAL_ABI_MINOR,
             &HostTable::service,
             &write_log,
             &explain,
             &declare,
             &emit,
             &report},
      services_(services) {}

const void* HostTable::service(const shoal_host* host, const char* id) noexcept {
  const auto& self = *reinterpret_cast<const HostTable*>(host);
  return id == nullptr ? nullptr : service_table(self.services_, id);
}

}  // namespace shoal::plugin
