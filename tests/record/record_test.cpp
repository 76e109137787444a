#include "record/record.h"

#include <doctest/doctest.h>

using namespace shoal::record;

TEST_SUITE("Record") {
  TEST_CASE("says what is wrong with a series name") {
    struct Row {
      std::string name;
      std::string_view fault;
    };
    const Row rows[] = {
        {"loadavg5", ""},
        {"disk.sda-1.reads_x", ""},
        {"", "is empty"},
        {"a b", "has characters outside [A-Za-z0-9_.-]"},
        {std::string(200, 'a'), ""},
        {std::string(201, 'a'), "is longer than 200 bytes"},
    };

    for (const Row& row : rows) {
      CAPTURE(row.name);
      CHECK(name_fault(row.name) == row.fault);
    }
  }

  TEST_CASE("has a key for routes") {
    CHECK(route_key(Sample{.name = "a.b"}) == "sample:a.b");
    CHECK(route_key(CheckResult{.name = "web"}) == "check:web");
    CHECK(route_key(Event{.job = "check:web"}) == "event:check:web");
  }
}
