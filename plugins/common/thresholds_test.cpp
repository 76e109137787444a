#include "common/thresholds.h"

#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using shoal::common::Plain;
using shoal::common::Threshold;
using shoal::common::Thresholds;
using shoal::common::worse_of;

namespace {

std::optional<double> dozens(std::string_view text) {
  const auto number = shoal::common::plain_number(text);
  return number ? std::optional(12 * *number) : std::nullopt;
}

}  // namespace

TEST_SUITE("thresholds") {
  TEST_CASE("are broken as plain numbers and as Nagios ranges") {
    const double infinite = std::numeric_limits<double>::infinity();
    const double not_a_number = std::numeric_limits<double>::quiet_NaN();
    struct Row {
      const char* text;
      Plain plain;
      std::vector<double> fine;
      std::vector<double> broken;
    };
    const std::vector<Row> rows{
        {"10", Plain::over, {10, 0, -3}, {10.01, infinite, not_a_number}},
        {"10", Plain::under, {10, 1e9}, {9.99, -1, not_a_number}},
        {"-2.5", Plain::over, {-2.5, -3}, {-2.4, 0}},
        {"1e3", Plain::over, {1000}, {1001}},
        {"10:", Plain::over, {10, 1e9}, {9.99, -1, not_a_number}},
        {"10:", Plain::under, {10, 1e9}, {9.99, -1}},
        {"~:10", Plain::under, {10, -1e9}, {10.01}},
        {"10:20", Plain::over, {10, 15, 20}, {9.99, 20.01, not_a_number}},
        {":20", Plain::over, {0, 20}, {-0.01, 20.01}},
        {"-5:-1", Plain::over, {-5, -1}, {-5.1, 0}},
        {"7:7", Plain::over, {7}, {6.9, 7.1}},
        {"@10:20", Plain::over, {9.99, 20.01}, {10, 15, 20, not_a_number}},
        {"@10", Plain::over, {-0.01, 10.01}, {0, 10}},
        {"@10", Plain::under, {-0.01, 10.01}, {0, 10}},
        {"~:", Plain::over, {-1e9, 0, infinite}, {not_a_number}},
        {"@~:", Plain::over, {}, {-1e9, 0, 1e9}},
    };
    for (const auto& row : rows) {
      CAPTURE(row.text);
      const auto threshold = Threshold::parse(row.text, row.plain);
      REQUIRE(threshold);
      for (const double value : row.fine) CHECK_FALSE(threshold->is_broken_by(value));
      for (const double value : row.broken) CHECK(threshold->is_broken_by(value));
    }
  }

  TEST_CASE("that cannot be read are none") {
    for (const auto* text : {"",    "@",     "ten", "10%", "1,5",   "1 ",   " 1",
                             "+1",  "20:10", "a:",  ":b",  "1:2:3", "10:~", "~",
                             "~:~", "@@1:2", "nan", "inf", "0x10",  "1e400"}) {
      CAPTURE(text);
      CHECK_FALSE(Threshold::parse(text, Plain::over));
    }
  }

  TEST_CASE("may count in another unit") {
    const auto threshold = Threshold::parse("1:2", Plain::over, &dozens);

    REQUIRE(threshold);
    CHECK(threshold->is_broken_by(11));
    CHECK_FALSE(threshold->is_broken_by(24));
  }

  TEST_CASE("may be sizes, of which ranges are made as well") {
    CHECK(shoal::common::size_number("1024") == 1024);
    CHECK(shoal::common::size_number("1.5kB") == 1500);
    CHECK(shoal::common::size_number("2mib") == 2 << 20);
    for (const auto* text : {"", "MB", "1K", "1 MB", "-1", "1.2.3GiB", "10%"}) {
      CAPTURE(text);
      CHECK_FALSE(shoal::common::size_number(text));
    }
    const auto threshold = Threshold::parse("1KiB:1MiB", Plain::over, &shoal::common::size_number);
    REQUIRE(threshold);
    CHECK(threshold->is_broken_by(1023));
    CHECK_FALSE(threshold->is_broken_by(1024));
    CHECK(threshold->is_broken_by((1 << 20) + 1));
  }

  TEST_CASE("test critical before warning, and a missing one never breaks") {
    const Thresholds both{Threshold::parse("1", Plain::over), Threshold::parse("5", Plain::over)};

    CHECK(both.status_of(1) == SHOAL_CHECK_OK);
    CHECK(both.status_of(5) == SHOAL_CHECK_WARNING);
    CHECK(both.status_of(6) == SHOAL_CHECK_CRITICAL);
    CHECK(Thresholds{}.status_of(6) == SHOAL_CHECK_OK);
  }

  TEST_CASE("of several verdicts the one that is known to be bad counts") {
    CHECK(worse_of(SHOAL_CHECK_OK, SHOAL_CHECK_OK) == SHOAL_CHECK_OK);
    CHECK(worse_of(SHOAL_CHECK_OK, SHOAL_CHECK_UNKNOWN) == SHOAL_CHECK_UNKNOWN);
    CHECK(worse_of(SHOAL_CHECK_WARNING, SHOAL_CHECK_UNKNOWN) == SHOAL_CHECK_WARNING);
    CHECK(worse_of(SHOAL_CHECK_WARNING, SHOAL_CHECK_CRITICAL) == SHOAL_CHECK_CRITICAL);
    CHECK(worse_of(SHOAL_CHECK_CRITICAL, SHOAL_CHECK_WARNING) == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("name the option and what was found when refused") {
    CHECK_THROWS_WITH_AS(
        shoal::common::refuse_threshold("warning", "soon"),
        "option warning: expected a number or a range like \"10:20\", found \"soon\"",
        shoal::Failure);
  }
}
