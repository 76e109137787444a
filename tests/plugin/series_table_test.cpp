#include "plugin/series_table.h"

#include <limits>

#include <doctest/doctest.h>

using namespace shoal;
using namespace shoal::plugin;
using namespace std::chrono_literals;
using Fate = SeriesTable::Fate;

namespace {

constexpr WallTime noon = from_unix_nanoseconds(1'800'000'000'000'000'000);

// A table with one series, and rounds that are a minute apart unless a test says otherwise.
struct Rounds {
  explicit Rounds(SeriesDefinition definition, SeriesTable::Settings settings = {})
      : table(std::move(settings)) {
    handle = std::get<std::uint32_t>(table.declare(std::move(definition)));
  }

  Fate round(double value, std::chrono::nanoseconds since_noon) {
    table.begin_round(noon + since_noon, SteadyTime(1h + since_noon));
    return table.take({handle, 0, 0, value}, sample);
  }

  SeriesTable table;
  std::uint32_t handle = 0;
  record::Sample sample;
};

const SeriesDefinition requests{SeriesKind::counter, "requests", "float", {}, 1};

std::string fault_of(SeriesDefinition definition) {
  auto declared = SeriesTable({}).declare(std::move(definition));
  const auto* fault = std::get_if<std::string>(&declared);
  return fault == nullptr ? "" : *fault;
}

}  // namespace

TEST_SUITE("SeriesTable") {
  TEST_CASE("gives the same handle for the same name and labels") {
    SeriesTable table({});
    const SeriesDefinition read{SeriesKind::gauge, "disk.ops", "iops", {{"op", "read"}}};
    const SeriesDefinition write{SeriesKind::gauge, "disk.ops", "iops", {{"op", "write"}}};

    CHECK(std::get<0>(table.declare(read)) == 0);
    CHECK(std::get<0>(table.declare(write)) == 1);
    CHECK(std::get<0>(table.declare(read)) == 0);
    CHECK(table.size() == 2);
  }

  TEST_CASE("says why a series cannot be declared") {
    CHECK(fault_of({SeriesKind::gauge, "no spaces"}) ==
          "series no spaces: has characters outside [A-Za-z0-9_.-]");
    CHECK(fault_of({SeriesKind::gauge, ""}) == "series : is empty");
    CHECK(fault_of({SeriesKind::gauge, "a", "", {{"", "x"}}}) ==
          "series a: a label's key is empty");
    CHECK(fault_of({SeriesKind::gauge, "a", "", {{"k", std::string(201, 'x')}}}) ==
          "series a: label k is longer than 200 bytes");
    CHECK(fault_of({SeriesKind::gauge, "a", "", std::vector<record::Label>(33, {"k", "v"})}) ==
          "series a: has more than 32 labels");

    SeriesTable table({});
    table.declare({SeriesKind::gauge, "a"});
    CHECK(std::get<1>(table.declare({SeriesKind::counter, "a"})) ==
          "series a: was declared before with another kind");
  }

  TEST_CASE("keeps at most 100,000 series") {
    SeriesTable table({});
    for (int i = 0; i < 100'000; ++i) table.declare({SeriesKind::gauge, "s" + std::to_string(i)});

    CHECK(std::get<1>(table.declare({SeriesKind::gauge, "one_more"})) ==
          "series one_more: there are 100000 series already");
    CHECK(std::get<0>(table.declare({SeriesKind::gauge, "s5"})) == 5);
  }

  TEST_CASE("makes samples of gauges with all that is known of them") {
    Rounds given({SeriesKind::gauge, "used", "bytes", {{"disk", "sda"}}},
                 {record::Origin::host, "db1", "other-host", 1min});

    CHECK(given.round(42, 0s) == Fate::sample);
    CHECK(
        given.sample ==
        record::Sample{
            "db1.used", {{"disk", "sda"}}, "bytes", 42, noon, record::Origin::host, "other-host"});
  }

  TEST_CASE("takes a unit it does not know for none") {
    Rounds given({SeriesKind::gauge, "used", "parsecs"});

    given.round(1, 0s);

    CHECK(given.sample.unit.empty());
  }

  TEST_CASE("stamps interval gauges with the start of their interval") {
    Rounds given({SeriesKind::interval, "cpu", "percentage"}, {.interval = 10s});

    given.round(50, 0s);
    CHECK(given.sample.time == noon - 10s);
    given.round(50, 25s);
    CHECK(given.sample.time == noon);
  }

  TEST_CASE("makes a counter a rate over the time that really passed") {
    Rounds given(requests);

    CHECK(given.round(1000, 0s) == Fate::silent);
    CHECK(given.round(1600, 60s) == Fate::sample);
    CHECK(given.sample.value == 10);
    CHECK(given.sample.time == noon);
    CHECK(given.round(1900, 90s) == Fate::sample);
    CHECK(given.sample.value == 10);
    CHECK(given.sample.time == noon + 60s);
  }

  TEST_CASE("gives the rate per the seconds that the series asks for") {
    auto per_minute = requests;
    per_minute.per_seconds = 60;
    Rounds given(per_minute);

    given.round(0, 0s);
    given.round(30, 30s);

    CHECK(given.sample.value == 60);
  }

  TEST_CASE("says nothing of a counter after a reset or a gap, then goes on") {
    Rounds given(requests);
    given.round(1000, 0s);

    CHECK(given.round(10, 60s) == Fate::silent);
    CHECK(given.round(70, 120s) == Fate::sample);
    CHECK(given.sample.value == 1);
    CHECK(given.round(1000, 120s + 181s) == Fate::silent);
    CHECK(given.round(1060, 120s + 181s + 60s) == Fate::sample);
    CHECK(given.sample.value == 1);
  }

  TEST_CASE("bridges a counter's rounds that were missed, up to three intervals") {
    Rounds given(requests);
    given.round(0, 0s);

    CHECK(given.round(180, 180s) == Fate::sample);
    CHECK(given.sample.value == 1);
    CHECK(given.sample.time == noon);
  }

  TEST_CASE("goes on with a counter where another table left off, whenever it is declared") {
    Rounds old(requests);
    old.round(100, 0min);
    Rounds next(requests);
    SeriesTable later({});

    next.table.adopt(old.table.memory());
    later.adopt(old.table.memory());

    CHECK(next.round(160, 1min) == Fate::sample);
    CHECK(next.sample.value == doctest::Approx(1));
    CHECK(next.sample.time == noon);
    const auto handle = std::get<std::uint32_t>(later.declare(requests));
    later.begin_round(noon + 1min, SteadyTime(1h + 1min));
    CHECK(later.take({handle, 0, 0, 160}, next.sample) == Fate::sample);
    CHECK(next.sample.value == doctest::Approx(1));
  }

  TEST_CASE("hands on what it was given and has not used") {
    Rounds old(requests);
    old.round(100, 0min);
    SeriesTable between({});
    between.adopt(old.table.memory());
    Rounds next(requests);

    next.table.adopt(between.memory());

    CHECK(next.round(160, 1min) == Fate::sample);
  }

  TEST_CASE("stamps an interval gauge with the last round of the table before it") {
    const SeriesDefinition share{SeriesKind::interval, "share", "", {}, 1};
    Rounds old(share);
    old.round(1, 3min);
    Rounds next(share);

    next.table.adopt(old.table.memory());
    next.round(1, 5min);

    CHECK(next.sample.time == noon + 3min);
  }

  TEST_CASE("drops a counter's second value in one round") {
    Rounds given(requests);
    given.round(0, 0s);
    given.round(60, 60s);

    CHECK(given.table.take({given.handle, 0, 0, 61}, given.sample) == Fate::dropped);
    CHECK(given.round(120, 120s) == Fate::sample);
    CHECK(given.sample.value == 1);
  }

  TEST_CASE("drops what is no number and what is no series") {
    Rounds given({SeriesKind::gauge, "a"});

    CHECK(given.round(std::numeric_limits<double>::quiet_NaN(), 0s) == Fate::dropped);
    CHECK(given.round(-std::numeric_limits<double>::infinity(), 0s) == Fate::dropped);
    CHECK(given.table.take({77, 0, 0, 1}, given.sample) == Fate::dropped);
  }

  TEST_CASE("lets a point bring its own time") {
    Rounds given({SeriesKind::gauge, "a"});
    given.round(1, 0s);

    given.table.take({given.handle, 0, 123'000'000'000, 1}, given.sample);

    CHECK(given.sample.time == from_unix_nanoseconds(123'000'000'000));
  }
}
