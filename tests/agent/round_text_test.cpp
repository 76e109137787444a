#include "agent/round_text.h"

#include <ctime>

#include <doctest/doctest.h>

using namespace shoal;
using namespace std::chrono_literals;

TEST_SUITE("round text") {
  TEST_CASE("shows a round and its values on one line") {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    run::Round round{.job = "metric:load",
                     .scheduled = from_unix_nanoseconds(1'800'000'000'000'000'000),
                     .duration = 1500us};
    round.records.emplace_back(record::Sample{.name = "loadavg1", .value = 0.5});
    round.records.emplace_back(record::CheckResult{
        .name = "web", .status = record::Status::warning, .text = "slow\nvery"});

    CHECK(agent::round_text(round) == "08:00:00 metric:load ok 1.5ms loadavg1=0.5 WARNING: slow");
  }

  TEST_CASE("shows why a round failed") {
    const run::Round round{
        .job = "metric:x", .outcome = run::Outcome::timed_out, .reason = "command timed out"};

    CHECK(agent::round_text(round).find("metric:x timed out 0.0ms command timed out") !=
          std::string::npos);
  }
}
