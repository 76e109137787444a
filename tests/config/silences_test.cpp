// [silences.X], and the keys of checks that are about alerts.
#include <doctest/doctest.h>

#include "config/findings.h"
#include "config/time_of_day.h"

using namespace shoal;
using namespace shoal::test;
using namespace std::chrono_literals;
using config::SilenceSettings;

namespace {

SilenceSettings silence(const std::string& keys) {
  const auto result = config::read_text("[silences.x]\n" + keys, "t.conf");
  CHECK(joined(error_lines(result)) == "");
  REQUIRE(result.settings.silences.size() == 1);
  return result.settings.silences.front();
}

std::string without_end(std::string lines) {
  if (lines.ends_with('\n')) lines.pop_back();
  return lines;
}

std::string errors_of_text(const std::string& text) {
  return without_end(errors_in(text));
}

std::string errors_of(const std::string& keys) {
  return errors_of_text("[silences.x]\nmatch = ['check:a']\n" + keys);
}

std::string errors_of_check(const std::string& keys) {
  return errors_of_text("[plugin.checks.web]\ncommand = 'x'\n" + keys);
}

}  // namespace

TEST_SUITE("a silence's section") {
  TEST_CASE("says which checks, and when") {
    const auto found = silence(R"(
      match = ["check:backup*", "check:db"]
      times = ["22:00-06:00", "12:00-24:00"]
      days = ["sat", "Sun"]
      from = "2026-12-24T18:00:00Z"
      until = "2026-12-27T06:00:00+09:00"
    )");

    CHECK(found.name == "x");
    CHECK(found.match == std::vector<std::string>{"check:backup*", "check:db"});
    CHECK(found.times == std::vector<SilenceSettings::Span>{{1320, 360}, {720, 1440}});
    CHECK(found.days == 0b1000001);
    CHECK(found.from == config::parse_rfc3339("2026-12-24T18:00:00Z"));
    CHECK(found.until == config::parse_rfc3339("2026-12-26T21:00:00Z"));
  }

  TEST_CASE("may be switched off") {
    const auto result = config::read_text(
        "[silences.x]\nmatch = ['check:a']\ndays = ['sat']\nenabled = false", "t");

    CHECK(result.settings.silences.empty());
    CHECK(result.errors.empty());
  }

  TEST_CASE("is refused where it cannot be meant") {
    CHECK(errors_of("days = ['sat', 'caturday']") ==
          "t.conf:3: silences.x.days: expected sun, mon, tue, wed, thu, fri or sat, got "
          "\"caturday\"");
    CHECK(errors_of("days = []") ==
          "t.conf:3: silences.x.days: expected at least one day, got none");
    CHECK(errors_of("times = ['22-6']") ==
          "t.conf:3: silences.x.times: expected times like \"22:00-06:00\", got \"22-6\"");
    CHECK(errors_of("until = 'tomorrow'") ==
          "t.conf:3: silences.x.until: expected a time like \"2026-12-24T18:00:00Z\", got "
          "\"tomorrow\"");
    CHECK(errors_of("from = '2026-01-02T00:00:00Z'\nuntil = '2026-01-01T00:00:00Z'") ==
          "t.conf:4: silences.x.until: expected a time after from");
    CHECK(errors_of("") ==
          "t.conf:1: silences.x: expected times, days, from or until, got none: it would not end");
    CHECK(errors_of("days = ['sat']\ntime = 1") ==
          "t.conf:4: silences.x.time: unknown key, did you mean \"times\"?");
    CHECK(errors_of_text("[silences.x]\ndays = ['sat']") ==
          "t.conf:1: silences.x: expected match, got none");
    CHECK(errors_of_text("[silences.x]\ndays = ['sat']\nmatch = ['backup']") ==
          "t.conf:3: silences.x.match: expected a pattern like \"check:backup*\", got \"backup\"");
  }
}

TEST_SUITE("times of silences") {
  TEST_CASE("are read in one way only") {
    for (const char* text : {"", "22:00", "22:00-", "2:00-06:00", "22:60-06:00", "24:00-06:00",
                             "22:00-24:01", "06:00-06:00", "22:00-06:00 ", "22:00 - 06:00"}) {
      CAPTURE(text);
      CHECK_FALSE(config::parse_time_span(text));
    }
    for (const char* text :
         {"", "2026-12-24", "2026-12-24T18:00:00", "2026-13-24T18:00:00Z", "2026-02-30T18:00:00Z",
          "2026-12-24T24:00:00Z", "2026-12-24T18:00:00+0900", "9999-12-24T18:00:00Z"}) {
      CAPTURE(text);
      CHECK_FALSE(config::parse_rfc3339(text));
    }
    CHECK(config::parse_rfc3339("1970-01-01T01:00:01+01:00") == WallTime{1s});
  }
}

TEST_SUITE("a check's alerts") {
  TEST_CASE("have their keys") {
    const auto result = config::read_text(R"(
      [plugin.checks.web]
      command = "x"
      max_check_attempts = 3
      recovery_attempts = 2
      flap_detection = true
      ttl = "5m"
      depends_on = ["check:db"]
      [plugin.checks.db]
      command = "x"
    )",
                                          "t.conf");

    CHECK(joined(error_lines(result)) == "");
    const auto* web = job(result.settings, "check:web");
    REQUIRE(web);
    CHECK(web->recovery_attempts == 2);
    CHECK(web->detects_flapping);
    CHECK(web->ttl == 5min);
    CHECK(web->depends_on == std::vector<std::string>{"check:db"});
    const auto* db = job(result.settings, "check:db");
    CHECK(db->recovery_attempts == 1);
    CHECK_FALSE(db->detects_flapping);
    CHECK_FALSE(db->ttl);
  }

  TEST_CASE("are refused where they cannot be meant") {
    CHECK(errors_of_check("recovery_attempts = 0") ==
          "t.conf:3: plugin.checks.web.recovery_attempts: expected 1 to 1000, got 0");
    CHECK(errors_of_check("ttl = 5") ==
          "t.conf:3: plugin.checks.web.ttl: expected a duration like \"30s\", got 5");
    CHECK(errors_of_check("ttl = '1m'") ==
          "t.conf:3: plugin.checks.web.ttl: expected more than the interval of 60s, got 60s");
    CHECK(errors_of_check("flap_detection = 'yes'") ==
          "t.conf:3: plugin.checks.web.flap_detection: expected a boolean, got a string");
    CHECK(errors_of_check("depends_on = ['check:wbe']") ==
          "t.conf:3: plugin.checks.web.depends_on: expected a check like \"check:db\", got "
          "\"check:wbe\", did you mean \"check:web\"?");
    CHECK(errors_of_check("depends_on = ['check:web']") ==
          "t.conf:3: plugin.checks.web.depends_on: check:web waits for itself through check:web");
    CHECK(errors_of_check("depends_on = ['check:b']\n[plugin.checks.b]\ncommand = 'x'\n"
                          "depends_on = ['check:c']\n[plugin.checks.c]\ncommand = 'x'\n"
                          "depends_on = ['check:b']\n") ==
          "t.conf:6: plugin.checks.b.depends_on: check:b waits for itself through check:c\n"
          "t.conf:9: plugin.checks.c.depends_on: check:c waits for itself through check:b");
  }
}
