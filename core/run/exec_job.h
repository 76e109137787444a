// A job that runs a command: what the exec runner needs of its section, worked out once. Immutable
// while rounds of it run, but for what a check's counters read last. Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/child_process.h"
#include "config/settings.h"
#include "run/check_samples.h"
#include "run/command_line.h"
#include "run/exec_output.h"

namespace shoal::run {

// A command with all it needs to be started.
struct ExecCommand {
  CommandLine line;
  config::Environment env;
  std::chrono::milliseconds timeout{30'000};
};

struct ExecJob {
  std::string id;    // "metric:nginx"
  std::string name;  // "nginx"
  config::JobKind kind = config::JobKind::metric;
  ExecCommand command;
  config::OutputFormat format = config::OutputFormat::mackerel;  // metrics
  MetricRules rules;                          // of the samples; results use the identifier
  std::shared_ptr<const ExecCommand> action;  // checks: run after each round
  std::shared_ptr<CheckSamples> samples;      // of performance data; null: none is read
};

// The command that `settings` want run after each round of a check; null if they want none.
std::shared_ptr<const ExecCommand> action_of(const config::JobSettings& settings);

// `settings` has a command. Throws Error if a pattern does not compile.
ExecJob exec_job(const config::JobSettings& settings);

// What a command is asked for.
enum class Purpose : std::uint8_t { round, graph_definitions };

}  // namespace shoal::run
