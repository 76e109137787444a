#include "conformance/names.h"

#include <doctest/doctest.h>

using namespace shoal::conformance;

TEST_SUITE("names") {
  TEST_CASE("of series follow the header") {
    CHECK(series_name_fault("loadavg1").empty());
    CHECK(series_name_fault("disk.sda-1_x.reads").empty());
    CHECK(series_name_fault("") == "is empty");
    CHECK(series_name_fault(std::string(201, 'x')) == "is longer than 200 bytes");
    CHECK(series_name_fault("a b") == "has characters outside [A-Za-z0-9_.-]");
    CHECK(series_name_fault("custom.x") == "begins with \"custom.\"");
  }

  TEST_CASE("of manifests may have * for one whole component") {
    CHECK(pattern_fault("disk.*.reads").empty());
    CHECK(pattern_fault("*").empty());
    CHECK(pattern_fault("disk.sd*.reads") == "* stands for one whole component");
    CHECK(pattern_fault("disk.**") == "* stands for one whole component");
  }

  TEST_CASE("match component by component") {
    CHECK(matches_pattern("disk.*.reads", "disk.sda.reads"));
    CHECK(matches_pattern("loadavg1", "loadavg1"));
    CHECK_FALSE(matches_pattern("disk.*.reads", "disk.reads"));
    CHECK_FALSE(matches_pattern("disk.*", "disk.sda.reads"));
    CHECK_FALSE(matches_pattern("disk.*.reads", "disk.sda.writes"));
    CHECK_FALSE(matches_pattern("disk", "diskette"));
  }
}

TEST_SUITE("units") {
  TEST_CASE("are those of the header, and none is a float") {
    CHECK(is_unit("bytes/sec"));
    CHECK(is_unit(""));
    CHECK_FALSE(is_unit("B"));
    CHECK(plain_unit("") == plain_unit("float"));
  }
}

TEST_SUITE("times") {
  TEST_CASE("in seconds, milliseconds or microseconds are none in nanoseconds") {
    CHECK(is_plausible_time(1'700'000'000'000'000'000));
    CHECK_FALSE(is_plausible_time(1'700'000'000'000'000));
    CHECK_FALSE(is_plausible_time(1'700'000'000'000));
    CHECK_FALSE(is_plausible_time(1'700'000'000));
    CHECK_FALSE(is_plausible_time(-1));
    CHECK_FALSE(is_plausible_time(INT64_MAX));
  }
}
