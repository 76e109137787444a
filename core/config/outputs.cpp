// [plugin.outputs.X].
#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "config/common_keys.h"
#include "config/options.h"
#include "config/sections.h"

namespace shoal::config {

namespace {

const std::string known_keys[] = {
    "plugin", "options",      "enabled",         "env",         "user",          "isolation",
    "match",  "memory_limit", "timeout_seconds", "queue_limit", "queue_max_age", "seccomp"};

// Whether a glob over route keys can fit any: what stands before its first wildcard must agree with
// the beginning of one.
bool names_records(std::string_view glob) {
  if (glob.starts_with('!')) glob.remove_prefix(1);
  const auto literal = glob.substr(0, glob.find_first_of("*?"));
  const bool has_wildcard = literal.size() < glob.size();
  for (const std::string_view start : {"sample:", "check:", "event:", "metadata:", "graph:"}) {
    if (literal.starts_with(start)) return true;
    if (has_wildcard && start.starts_with(literal)) return true;
  }
  return false;
}

void read_match(const Section& section, OutputSettings& output) {
  output.match = section.texts("match");
  if (!output.match) return;
  for (const std::string& glob : *output.match) {
    if (names_records(glob)) continue;
    section.fail("match", fmt::format("expected a pattern like \"check:web*\" with sample:, "
                                      "check:, event:, metadata: or graph:, got \"{}\"",
                                      glob));
  }
}

void read_queue_limits(const Section& section, OutputSettings& output) {
  using namespace std::chrono_literals;
  if (const auto limit = section.size("queue_limit")) output.queue_limit_bytes = *limit;
  if (const auto age = section.duration("queue_max_age", 1s)) {
    output.queue_limit_age = std::chrono::duration_cast<std::chrono::seconds>(*age);
  }
}

}  // namespace

void read_output(const std::string& name, const Section& section, Draft& draft) {
  DraftedOutput output{.settings = {.name = name, .where = section.where()}};
  const auto plugin = section.text("plugin");
  if (name.empty()) section.fail("expected a name after the last dot, got nothing");
  if (!section.has("plugin")) section.fail("expected plugin, got none");
  if (plugin && plugin->empty()) section.fail("plugin", "expected a name or a path, got nothing");
  output.settings.plugin = plugin.value_or("");
  output.options = read_options(section);
  read_common_keys(section, output);
  read_match(section, output.settings);
  read_queue_limits(section, output.settings);
  section.check_keys(known_keys, UnknownKeys::refused);
  draft.outputs.insert_or_assign(name, std::move(output));
}

}  // namespace shoal::config
