// The table [plugin]: which kind each section below it is of.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/nearest.h"
#include "config/sections.h"

namespace shoal::config {

namespace {

const std::string kinds[] = {"metrics", "checks", "metadata", "outputs"};

void read_section(std::string_view kind, const std::string& name, const Section& section,
                  Draft& draft) {
  if (kind == "metrics") read_job(JobKind::metric, name, section, draft);
  if (kind == "checks") read_job(JobKind::check, name, section, draft);
  if (kind == "metadata") read_job(JobKind::metadata, name, section, draft);
  if (kind == "outputs") read_output(name, section, draft);
}

// Of a kind that mackerel-agent does not have it was never heard; what is plainly meant for us is
// not passed over.
void report_unknown(const Section& section, std::string_view name) {
  const auto kind = section.path().substr(section.path().find('.') + 1);
  const auto near = nearest(kind, kinds);
  const auto suggestion = fmt::format("plugin.{}.{}", near.empty() ? "metrics" : near, name);
  const Section child = *section.table(name);
  const std::string text = unknown_key(child.path(), suggestion);
  if (child.has("plugin") || near == "outputs") {
    child.problems().fail(child.where(), text);
  } else {
    child.problems().warn(child.where(), text);
  }
}

void read_kind(const Section& section, std::string_view kind, Draft& draft) {
  const bool is_known = std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
  for (const Member& member : section.table()) {
    const auto child = section.table(member.key);
    if (!child) continue;
    if (is_known) {
      read_section(kind, member.key, *child, draft);
    } else {
      report_unknown(section, member.key);
    }
  }
}

}  // namespace

void read_plugins(const Section& plugins, Draft& draft) {
  for (const Member& member : plugins.table()) {
    const auto section = plugins.table(member.key);
    if (section) read_kind(*section, to_lower(member.key), draft);
  }
}

}  // namespace shoal::config
