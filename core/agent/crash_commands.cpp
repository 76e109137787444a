// shoal crash list and shoal crash show: what is known of plugins whose processes died. Reads the
// reports themselves; no agent need be running.

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "agent/commands.h"
#include "agent/configuration.h"
#include "agent/services.h"
#include "base/error.h"
#include "base/time_text.h"
#include "control/table.h"
#include "plugin/crash_log.h"

namespace shoal::agent {
namespace {

using Entry = plugin::CrashLog::Entry;

std::vector<Entry> read_reports(const Arguments& arguments) {
  const auto settings = require_configuration(arguments);
  return plugin::CrashLog(crash_dir(settings.root)).list();
}

void print_report(const Entry& entry) {
  const auto& report = entry.report;
  control::Table table;
  table.add({"time", rfc3339(report.time)});
  table.add({"job", report.job});
  table.add({"plugin", fmt::format("{} {}", report.file, report.version)});
  table.add({"cause", report.cause});
  table.add({"during", report.during.empty() ? "between calls" : report.during});
  table.add({"process", fmt::to_string(report.pid)});
  if (!report.module.empty()) {
    table.add({"where", fmt::format("{}+{:#x}", report.module, report.offset)});
    table.add({"build id", report.build_id.empty() ? "none" : report.build_id});
    table.add({"address", fmt::format("{:#x}", report.address)});
  }
  fmt::print("{}", table.text());
  if (!report.last_lines.empty()) fmt::print("\nlast lines:\n");
  for (const auto& line : report.last_lines) fmt::print("  {}\n", line);
}

}  // namespace

int list_crashes(const Arguments& arguments) {
  const auto entries = read_reports(arguments);
  if (arguments.has("json")) {
    for (const auto& entry : entries) fmt::print("{}", plugin::to_json(entry.report));
    return 0;
  }
  if (entries.empty()) {
    fmt::print("no plugin's process has died\n");
    return 0;
  }
  control::Table table({"NAME", "JOB", "DURING", "CAUSE"});
  for (const auto& [name, report] : entries) {
    table.add({name, report.job, report.during, report.cause});
  }
  fmt::print("{}", table.text());
  return 0;
}

int show_crash(const Arguments& arguments) {
  const auto& wanted = arguments.operands.front();
  const auto entries = read_reports(arguments);
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
    return entry.name == wanted || entry.report.job == wanted;
  });
  if (found == entries.end()) {
    throw Error(fmt::format("{}: no such report; shoal crash list names them", wanted));
  }
  if (arguments.has("json")) {
    fmt::print("{}", plugin::to_json(found->report));
  } else {
    print_report(*found);
  }
  return 0;
}

}  // namespace shoal::agent
