// What the files of a configuration have said so far: before defaults, flags, and what follows from
// other settings. Each further file is read on top of it. Plain data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "config/value.h"

namespace shoal::config {

struct Written {
  std::string text;
  Location where;
};

// A section that may be switched off; options become JSON when nothing more can join them.
template <class Settings>
struct Drafted {
  Settings settings;
  Table options;
  bool is_enabled = true;
};
using DraftedJob = Drafted<JobSettings>;
using DraftedOutput = Drafted<OutputSettings>;

struct Draft {
  // What is settled by copying: names as in Settings, empty where that means the default.
  Settings settings;
  bool is_verbose = false;
  bool is_silent = false;

  std::optional<Written> apikey;
  std::vector<Written> roles;
  // Further options of the output "mackerel", by the names that its plugin gives them.
  Table mackerel_options;
  // Options of the host's own metrics that come from [filesystems], [disks] and [interfaces].
  std::map<std::string, Table> host_options;

  std::optional<Written> include;  // of the main file

  std::map<std::string, DraftedJob> host_metrics;
  std::map<std::string, DraftedJob> metrics;
  std::map<std::string, DraftedJob> checks;
  std::map<std::string, DraftedJob> metadata;
  std::map<std::string, DraftedOutput> outputs;
  std::map<std::string, Location> depends_on_lines;  // of checks that say it
  std::map<std::string, SilenceSettings> silences;
};

}  // namespace shoal::config
