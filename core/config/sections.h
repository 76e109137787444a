// The sections of a configuration file and what their keys mean, one function for each family.
// Each adds to the draft what the section says and to its problems what is wrong with it.
#pragma once

#include "config/draft.h"
#include "config/section.h"

namespace shoal::config {

// A whole file.
void read_top(const Section& top, Draft& draft);

// [plugin.metrics.X], [plugin.checks.X], [plugin.metadata.X], [plugin.outputs.X].
void read_plugins(const Section& plugins, Draft& draft);
void read_job(JobKind kind, const std::string& name, const Section& section, Draft& draft);
void read_output(const std::string& name, const Section& section, Draft& draft);

// [silences.X]
void read_silences(const Section& silences, Draft& draft);

// [relay] and [relay.tags.X]
void read_relay(const Section& section, Draft& draft);

// [host_metrics.X]
void read_host_metrics(const Section& host_metrics, Draft& draft);

// The host's own metrics: the name of the section, of the job and of the plugin.
inline const std::string host_metric_names[] = {"cpu",       "disk",    "filesystem",
                                                "interface", "loadavg", "memory"};

}  // namespace shoal::config
