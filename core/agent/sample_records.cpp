#include "agent/sample_records.h"

#include <algorithm>

namespace shoal::agent {
namespace {

record::Sample sample(WallTime now) {
  return {.name = "example.disk.used",
          .labels = {{"device", "sda"}},
          .unit = "bytes",
          .value = 1'500'000'000,
          .time = now};
}

record::CheckResult check_result(WallTime now) {
  return {.name = "example",
          .status = record::Status::warning,
          .text = "example: slow, 3.2 s",
          .time = now,
          .samples = {{.name = "example.seconds", .unit = "seconds", .value = 3.2, .time = now}}};
}

record::Event event(WallTime now) {
  return {.id = "example-1",
          .job = "check:example",
          .time = now,
          .from = record::Status::ok,
          .to = record::Status::warning,
          .since = now - std::chrono::minutes(1),
          .text = "example: slow, 3.2 s",
          .dedupe_key = "check:example",
          .links = {{"runbook", "https://example.com/runbook"}}};
}

record::GraphDefinition graph_definition(WallTime now) {
  return {.name = "example.disk",
          .label = "Example disks",
          .unit = "bytes",
          .metrics = {{"used", "used", true}, {"free", "free", true}},
          .time = now};
}

}  // namespace

std::vector<record::Record> sample_records(const std::vector<record::Kind>& accepted,
                                           WallTime now) {
  std::vector<record::Record> all{sample(now), check_result(now), event(now),
                                  record::Metadata{"example", R"({"packages": ["shoal"]})", now},
                                  graph_definition(now)};
  if (accepted.empty()) return all;
  std::erase_if(all, [&](const record::Record& record) {
    return std::find(accepted.begin(), accepted.end(), record::kind_of(record)) == accepted.end();
  });
  return all;
}

}  // namespace shoal::agent
