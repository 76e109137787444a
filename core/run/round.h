// One run of a job, from the moment it is started to what it said: what both runners hand on.
// Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "record/record.h"

namespace shoal::run {

enum class Outcome : std::uint8_t {
  ok,
  failed,     // it said why it could not
  timed_out,  // ended at its deadline
  stuck,      // did not end at twice its deadline and is no longer called
  cancelled   // the agent is stopping or the job was removed
};
std::string_view outcome_name(Outcome outcome);

struct Round {
  std::string job;  // "metric:nginx"
  WallTime scheduled;
  SteadyTime started;
  std::chrono::nanoseconds duration{};
  Outcome outcome = Outcome::ok;
  std::string reason;  // for people; empty when ok
  std::vector<record::Record> records;
  std::uint64_t dropped = 0;        // lines or points that could not become records
  std::vector<std::string> faults;  // the first few of them, in words, for the log
};

}  // namespace shoal::run
