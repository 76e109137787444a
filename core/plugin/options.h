// Options of a configured plugin against the schema in its manifest, before the plugin is loaded.
// Stateless; reads only the files that *_file options name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin/manifest.h"

namespace shoal::plugin {

struct OptionFault {
  std::string pointer;  // JSON pointer into what was written: "/uri", "/ignore_types/0"
  std::string text;     // "expected a string, got 3"; never the value of a secret
};

struct CheckedOptions {
  // What the plugin gets: names spelled as in the schema, defaults filled in, secrets read from
  // their files, durations as integer milliseconds, sizes as integer bytes. Worth using only when
  // there are no faults.
  std::string json;
  std::vector<OptionFault> faults;
  std::vector<OptionFault> warnings;  // a secret's file that everyone may read
};

// `json` is one JSON object as the configuration wrote it.
CheckedOptions check_options(const Manifest& manifest, std::string_view json);

// The values of secrets in `json`, which check_options() made: what must never be shown.
std::vector<std::string> secret_values(const Manifest& manifest, std::string_view json);

}  // namespace shoal::plugin
