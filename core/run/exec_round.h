// What a command did, as a round: the outcome rules and which records come of it, by kind of job.
// Pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "base/clock.h"
#include "run/exec_job.h"
#include "run/round.h"
#include "run/running_command.h"

namespace shoal::run {

inline constexpr std::size_t longest_output = 1024UL * 1024;
inline constexpr std::size_t longest_errors = 64UL * 1024;

// Everything a round is known by before its command is started.
struct RoundStart {
  Purpose purpose = Purpose::round;
  WallTime scheduled;
  SteadyTime started;
};

struct RoundEnd {
  WallTime wall;
  SteadyTime steady;
};

// How much of its output is kept for the job: a check needs no more than its text.
std::size_t output_limit(const ExecJob& job);

// A command that ran.
Round ended_round(const ExecJob& job, const RoundStart& start, CommandResult result, RoundEnd end);

// A command that did not get so far. A check says so in its result, except when it was cancelled:
// the agent's own stop is no news about what is checked.
Round failed_round(const ExecJob& job, const RoundStart& start, Outcome outcome, std::string reason,
                   SteadyTime end);

// For checks: the result in the round, or null.
const record::CheckResult* check_result(const Round& round);

}  // namespace shoal::run
