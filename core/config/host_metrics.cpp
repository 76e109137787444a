#include "config/host_metrics.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "config/common_keys.h"
#include "config/options.h"
#include "config/sections.h"

namespace shoal::config {

namespace {

const std::string known_keys[] = {"options",       "enabled",         "interval",  "env",
                                  "user",          "timeout_seconds", "isolation", "memory_limit",
                                  "metric_prefix", "seccomp"};

void read_host_metric(const std::string& name, const Section& section, Draft& draft) {
  using namespace std::chrono_literals;
  DraftedJob job{.settings = {.name = name, .where = section.where()}};
  job.options = read_options(section);
  read_common_keys(section, job);
  if (const auto interval = section.duration("interval", 1s)) job.settings.interval = *interval;
  job.settings.metric_prefix = read_metric_prefix(section);
  section.check_keys(known_keys, UnknownKeys::refused);
  draft.host_metrics.insert_or_assign(name, std::move(job));
}

// Whether it is what the plugin does anyhow. An empty pattern is found in everything, so
// mackerel-agent sends nothing then; but who writes `ignore = ""` means to ignore nothing.
bool is_default(const Value& value) {
  const auto* text = value.as<std::string>();
  const auto* flag = value.as<bool>();
  return (text && text->empty()) || (flag && !*flag);
}

void add_host_options(const Table& host_options, DraftedJob& job) {
  for (const Member& member : host_options) {
    if (is_default(member.value)) continue;
    if (job.settings.where.file.empty()) job.settings.where = member.value.where;
    add_missing(job.options, member.key, member.value);
  }
}

}  // namespace

void complete_host_metrics(Draft& draft) {
  for (const std::string& name : host_metric_names) {
    DraftedJob& job = draft.host_metrics[name];
    job.settings.kind = JobKind::metric;
    job.settings.name = name;
    job.settings.plugin = name;
    job.settings.is_host_metric = true;
    add_host_options(draft.host_options[name], job);
  }
}

void read_host_metrics(const Section& host_metrics, Draft& draft) {
  host_metrics.check_keys(host_metric_names, UnknownKeys::refused);
  for (const std::string& name : host_metric_names) {
    if (const auto section = host_metrics.table(name)) {
      read_host_metric(name, *section, draft);
    }
  }
}

}  // namespace shoal::config
