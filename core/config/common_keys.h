// The keys that every section with something to run takes.
#pragma once

#include "config/draft.h"
#include "config/section.h"

namespace shoal::config {

// Names are stripped of blanks and empty ones are skipped, as mackerel-agent does.
Environment read_environment(const Section& section);

Isolation read_isolation(const Section& section);

// What goes before the names of a job's metrics; empty when nothing does.
std::string read_metric_prefix(const Section& section);

// Whether a filter of system calls is laid on, which takes a process.
bool read_seccomp(const Section& section, Isolation isolation);

// timeout_seconds, env, user, isolation, memory_limit, seccomp, enabled.
template <class Settings>
void read_common_keys(const Section& section, Drafted<Settings>& drafted) {
  Settings& settings = drafted.settings;
  if (const auto timeout = section.seconds("timeout_seconds")) settings.timeout = *timeout;
  settings.env = read_environment(section);
  settings.user = section.text("user").value_or("");
  settings.isolation = read_isolation(section);
  settings.memory_limit_bytes = section.size("memory_limit");
  settings.has_seccomp = read_seccomp(section, settings.isolation);
  drafted.is_enabled = section.flag("enabled").value_or(true);
}

}  // namespace shoal::config
