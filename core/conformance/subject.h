// The plugin under test: its file, what its manifest says, and options that should work. Made once
// by the tester, only read by the tests.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <shoal/plugin.h>

#include "plugin/preflight.h"

namespace shoal::conformance {

struct Subject {
  std::string file;      // as it was given
  bool is_wire = false;  // a program that speaks docs/wire-protocol.md
  std::string copy;      // what is loaded: nobody writes under our feet; the program itself
  plugin::Manifest manifest;
  std::string written_options;       // as an operator writes them
  std::string options_json;          // checked, as the plugin gets them
  std::vector<std::string> guesses;  // required options whose values we made up
  std::uint64_t seed = 0;

  plugin::Kind kind() const { return manifest.kind; }
  // "collect()", "check()" or "deliver()".
  std::string round_function() const;
};

// Stands in for every secret, so that it can be looked for.
inline constexpr const char* secret_marker = "tester-secret-5f0c9e";

// Options as an operator might write them, as JSON values by name: what was given, and a guess for
// each that is required and not given.
struct WorkingOptions {
  std::string json;
  std::vector<std::string> guesses;
};
WorkingOptions working_options(const plugin::Manifest& manifest,
                               const std::map<std::string, std::string>& given);

// Loads the copy, as the host does; the address of its one function. Throws Error with the linker's
// words.
using EntryFunction = const shoal_module*(SHOAL_CALL*)();
EntryFunction load_entry(const Subject& subject);

}  // namespace shoal::conformance
