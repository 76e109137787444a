#include "config/dependencies.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/nearest.h"

namespace shoal::config {

namespace {

using Checks = std::map<std::string, DraftedJob>;

constexpr std::string_view prefix = "check:";

const DraftedJob* find(const Checks& checks, std::string_view id) {
  if (!id.starts_with(prefix)) return nullptr;
  const auto found = checks.find(std::string(id.substr(prefix.size())));
  return found == checks.end() ? nullptr : &found->second;
}

std::vector<std::string> ids_of(const Checks& checks) {
  std::vector<std::string> ids;
  for (const auto& [name, check] : checks) ids.push_back(std::string(prefix) + name);
  return ids;
}

// Whether `from` waits for `wanted`, be it through others.
bool leads_to(const Checks& checks, const std::string& from, const std::string& wanted,
              std::set<std::string>& seen) {
  if (!seen.insert(from).second) return false;
  const DraftedJob* check = find(checks, from);
  if (check == nullptr) return false;
  const auto& next = check->settings.depends_on;
  return std::any_of(next.begin(), next.end(), [&](const std::string& id) {
    return id == wanted || leads_to(checks, id, wanted, seen);
  });
}

std::string fault_of(const Checks& checks, const std::string& own, const std::string& id) {
  if (find(checks, id) == nullptr) {
    const auto ids = ids_of(checks);
    const auto near = nearest(id, ids);
    return fmt::format("expected a check like \"check:db\", got \"{}\"{}", id,
                       near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near));
  }
  std::set<std::string> seen;
  if (id == own || leads_to(checks, id, own, seen)) {
    return fmt::format("{} waits for itself through {}", own, id);
  }
  return {};
}

}  // namespace

void check_dependencies(const Draft& draft, Problems& problems) {
  for (const auto& [name, check] : draft.checks) {
    const std::string own = std::string(prefix) + name;
    for (const std::string& id : check.settings.depends_on) {
      const std::string fault = fault_of(draft.checks, own, id);
      if (fault.empty()) continue;
      const auto where = draft.depends_on_lines.find(name);
      problems.fail(where == draft.depends_on_lines.end() ? check.settings.where : where->second,
                    fmt::format("plugin.checks.{}.depends_on: {}", name, fault));
    }
  }
}

}  // namespace shoal::config
