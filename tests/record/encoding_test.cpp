#include "record/encoding.h"

#include <doctest/doctest.h>

using namespace shoal;
using namespace shoal::record;

namespace {

const WallTime noon = from_unix_nanoseconds(1'800'000'000'123'456'789);

std::vector<Record> one_of_each() {
  const Sample sample{.name = "disk.sda.reads",
                      .labels = {{"mount", "/"}, {"type", "ext4"}},
                      .unit = "iops",
                      .value = -1.5e300,
                      .time = noon,
                      .origin = Origin::host,
                      .custom_identifier = "other"};
  return {
      sample,
      CheckResult{.name = "web",
                  .status = Status::critical,
                  .text = "refused\n",
                  .time = noon,
                  .samples = {sample}},
      Event{.id = "1",
            .job = "check:web",
            .time = noon,
            .from = Status::ok,
            .to = Status::warning,
            .is_hard = false,
            .since = noon,
            .text = "slow",
            .dedupe_key = "k",
            .links = {{"wiki", "https://example.com/"}}},
      Metadata{.name = "packages", .json = R"({"a":1})", .time = noon},
      GraphDefinition{.name = "super.#",
                      .label = "Dice",
                      .unit = "integer",
                      .metrics = {{.name = "d6", .label = "Die", .is_stacked = true}},
                      .time = noon},
  };
}

std::string encoded(const Record& record) {
  std::string bytes;
  encode(record, bytes);
  return bytes;
}

}  // namespace

TEST_SUITE("record encoding") {
  TEST_CASE("gives every kind of record back unchanged") {
    for (const Record& record : one_of_each()) {
      CAPTURE(route_key(record));
      CHECK(decode(encoded(record)) == record);
    }
  }

  TEST_CASE("refuses bytes that end early, wherever they end") {
    for (const Record& record : one_of_each()) {
      const std::string bytes = encoded(record);
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK_FALSE(decode(std::string_view(bytes).substr(0, size)).has_value());
      }
    }
  }

  TEST_CASE("refuses bytes after the end, an unknown format and an unknown kind") {
    std::string bytes = encoded(one_of_each().front());

    CHECK_FALSE(decode(bytes + "x").has_value());
    bytes[0] = 2;
    CHECK_FALSE(decode(bytes).has_value());
    bytes[0] = 1;
    bytes[1] = 99;
    CHECK_FALSE(decode(bytes).has_value());
  }

  TEST_CASE("survives any single flipped byte") {
    for (const Record& record : one_of_each()) {
      std::string bytes = encoded(record);
      for (char& byte : bytes) {
        byte = static_cast<char>(byte ^ 0xFF);
        CHECK_NOTHROW(decode(bytes));
        byte = static_cast<char>(byte ^ 0xFF);
      }
    }
  }
}
