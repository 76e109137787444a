#include "agent/check_answer.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace shoal;
using namespace shoal::agent;
using namespace std::chrono_literals;

namespace {

constexpr WallTime noon = from_unix_nanoseconds(1'800'000'000'000'000'000);

record::CheckResult slow() {
  return {.name = "web",
          .status = record::Status::warning,
          .text = "slow | 3 s\nvery",
          .time = noon,
          .samples = {{.name = "http.web.seconds", .unit = "seconds", .value = 3.25},
                      {.name = "http.web.used",
                       .labels = {{"path", "/it's a=b"}},
                       .unit = "percentage",
                       .value = 40}}};
}

}  // namespace

TEST_SUITE("the answer about a check") {
  TEST_CASE("is read as it was written") {
    const LastResult told{.result = slow(), .is_command = true, .interval = 60s, .timeout = 30s};

    const LastResult read = last_result_from_json(to_json(told, noon));

    CHECK(read.result == told.result);
    CHECK(read.is_command);
    CHECK(read.interval == 60s);
    CHECK(read.timeout == 30s);
  }

  TEST_CASE("that is none is refused") {
    CHECK_THROWS_AS(last_result_from_json("nonsense"), Error);
    CHECK_THROWS_AS(last_result_from_json("{}"), Error);
  }

  TEST_CASE("is stale when three rounds, or one that takes all its time, should be over") {
    LastResult last{.result = slow(), .interval = 60s, .timeout = 30s};

    CHECK(staleness(last, noon + 190s) == "");
    CHECK(staleness(last, noon + 191s) ==
          "the last result of web is 191 s old, one was due each 60 s");
    last.interval = 1s;
    CHECK(staleness(last, noon + 41s) == "");
    CHECK(staleness(last, noon + 42s) != "");
  }
}

TEST_SUITE("Nagios text") {
  TEST_CASE("has what a plugin measured behind the bar of the first line, and no other bar") {
    CHECK(nagios_text(slow(), false) ==
          "slow \u00a6 3 s | http.web.seconds=3.25s 'http.web.used./it''s a_b'=40%\nvery\n");
  }

  TEST_CASE("is what a command printed") {
    CHECK(nagios_text(slow(), true) == "slow | 3 s\nvery\n");
  }

  TEST_CASE("is never empty") {
    CHECK(nagios_text({.status = record::Status::critical}, true) == "CRITICAL\n");
  }
}
