#include "control/status.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace shoal;
using namespace shoal::control;
using namespace std::chrono_literals;

namespace {

const WallTime noon = from_unix_nanoseconds(1'800'000'000'000'000'000);

Status busy_agent() {
  Status status{.version = "0.1.0",
                .configuration = "/etc/shoal/shoal.conf",
                .pid = 7,
                .started = noon,
                .now = noon + 90s,
                .resident_bytes = 5'000'000};
  status.jobs.push_back({.id = "metric:cpu",
                         .what = "plugin cpu",
                         .interval = 1min,
                         .state = "waiting",
                         .last_scheduled = noon,
                         .next = noon + 60s,
                         .last_duration = 250us,
                         .last_outcome = "ok",
                         .last_records = 9,
                         .rounds = 2});
  status.jobs.push_back({.id = "check:web",
                         .what = "command check-http",
                         .interval = 1min,
                         .state = "waiting",
                         .last_outcome = "timed out",
                         .last_reason = "command timed out",
                         .rounds = 1,
                         .failures = 1,
                         .check = CheckStatus{.status = "CRITICAL",
                                              .hard_status = "CRITICAL",
                                              .is_heard = true,
                                              .attempts = 3,
                                              .max_attempts = 3,
                                              .since = noon - 2h,
                                              .text = "connection refused",
                                              .is_acknowledged = true,
                                              .acknowledged_by = "ann",
                                              .comment = "on it"}});
  status.jobs.push_back(
      {.id = "check:db",
       .state = "waiting",
       .check = CheckStatus{.status = "OK", .hard_status = "OK", .is_heard = true}});
  status.jobs.push_back({.id = "check:mail",
                         .state = "waiting",
                         .check = CheckStatus{.status = "WARNING",
                                              .hard_status = "OK",
                                              .is_heard = true,
                                              .attempts = 1,
                                              .max_attempts = 3,
                                              .since = noon,
                                              .text = "slow",
                                              .is_silenced = true,
                                              .silence = "works",
                                              .held_back = 2}});
  status.outputs.push_back({.name = "mackerel",
                            .plugin = "mackerel",
                            .state = "failing",
                            .last_error = "HTTP 503 from api.mackerelio.com",
                            .accepted = 42,
                            .delivered = 20,
                            .pending = 22});
  return status;
}

}  // namespace

TEST_SUITE("status") {
  TEST_CASE("reads its own JSON back") {
    const Status status = busy_agent();

    const Status again = from_json(to_json(status));

    CHECK(to_json(again) == to_json(status));
    CHECK(again.jobs.at(0).last_duration == 250us);
    CHECK(again.jobs.at(0).next == noon + 60s);
    CHECK_FALSE(again.jobs.at(1).next.has_value());
    CHECK(again.outputs.at(0).pending == 22);
    CHECK_FALSE(again.jobs.at(0).check.has_value());
    CHECK(again.jobs.at(1).check->since == noon - 2h);
  }

  TEST_CASE("says what is wrong with JSON that is no status") {
    CHECK_THROWS_AS(from_json("{}"), Error);
    CHECK_THROWS_AS(from_json("<html>"), Error);
  }

  TEST_CASE("tells people the problems before the tables") {
    const std::string text = to_text(busy_agent());

    const auto problem = text.find("! check:web timed out: command timed out");
    const auto failing = text.find("HTTP 503 from api.mackerelio.com; 22 records kept");
    const auto table = text.find("JOB ");
    REQUIRE(problem != std::string::npos);
    REQUIRE(failing != std::string::npos);
    CHECK(problem < table);
    CHECK(failing < table);
  }

  TEST_CASE(
      "tells of checks first, the worst first, and of those that are well only their number") {
    const std::string text = to_text(busy_agent());

    const auto checks = text.find("checks: 1 CRITICAL, 1 WARNING, 1 OK\n");
    const auto worst = text.find("acknowledged by ann: on it");
    const auto soft = text.find("attempt 1 of 3, silenced by works, 2 held back");
    REQUIRE(checks != std::string::npos);
    REQUIRE(worst != std::string::npos);
    REQUIRE(soft != std::string::npos);
    CHECK(text.find("connection refused") < soft);
    CHECK(worst < soft);
    CHECK(soft < text.find("! check:web timed out"));
    CHECK(text.find("2.0h") > worst - 20);
  }

  TEST_CASE("measures this process") {
    Status status;

    measure_self(status);

    CHECK(status.resident_bytes > 100'000);
    CHECK(status.anonymous_bytes > 10'000);
  }
}
