#include "alert/alert_store.h"

#include <doctest/doctest.h>

#include "bench.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::test;
using alert::AlertStore;
using alert::CheckState;

namespace {

CheckState full_state() {
  CheckState state{.name = "web", .text = "refused\nby 127.0.0.1"};
  state.standing = {.status = record::Status::warning,
                    .status_since = noon,
                    .attempts = 2,
                    .recoveries = 1,
                    .is_stale = true,
                    .flapping = alert::Flapping(0x5A5A5, true),
                    .hard = record::Status::critical,
                    .since = noon - 1h,
                    .hard_since = noon - 59min,
                    .told = record::Status::unknown,
                    .told_at = noon - 1min,
                    .notices = 3,
                    .is_flapping_told = true,
                    .events = 17,
                    .held_back = 4,
                    .incident = noon - 2h};
  state.acknowledgement = {.by = "ann", .comment = "looking", .at = noon, .until = noon + 1h};
  return state;
}

record::Event event(std::string id) {
  return {.id = std::move(id), .job = "check:web", .time = noon, .text = "refused"};
}

void check_same(const CheckState& a, const CheckState& b) {
  CHECK(a.name == b.name);
  CHECK(a.standing == b.standing);
  CHECK(a.text == b.text);
  CHECK(a.acknowledgement == b.acknowledgement);
}

struct House {
  TemporaryDirectory directory{memory_backed()};
  FakeClock clock{noon};
  std::string path = directory.file("alerts.db");
};

}  // namespace

TEST_SUITE("AlertStore") {
  TEST_CASE("gives back each part of a state") {
    House house;
    { AlertStore(house.path, house.clock).save({.states = {full_state()}}); }

    const auto states = AlertStore(house.path, house.clock).states();

    REQUIRE(states.size() == 1);
    check_same(states[0], full_state());
  }

  TEST_CASE("keeps the newest state of a check, and none of one that is removed") {
    House house;
    CheckState newer = full_state();
    newer.acknowledgement.reset();
    newer.standing.incident.reset();
    CheckState other = full_state();
    other.name = "db";
    {
      AlertStore store(house.path, house.clock);
      store.save({.states = {full_state(), other}});
      store.save({.states = {newer}, .removed = {"db"}});
    }

    const auto states = AlertStore(house.path, house.clock).states();

    REQUIRE(states.size() == 1);
    check_same(states[0], newer);
  }

  TEST_CASE("gives events back, in their order, until they are marked as told") {
    House house;
    {
      AlertStore store(house.path, house.clock);
      store.save({.events = {event("b"), event("a"), event("c")}});
      store.mark_told(std::vector<std::string>{"a"});
    }

    CHECK(AlertStore(house.path, house.clock).untold() ==
          std::vector<record::Event>{event("b"), event("c")});
  }

  TEST_CASE("sets a damaged file aside and saves what it knows in a fresh one") {
    House house;
    house.directory.write("alerts.db", "this is no database, and long enough to show it");

    AlertStore store(house.path, house.clock);
    store.save({.states = {full_state()}, .events = {event("a")}});

    CHECK(store.health().set_aside != "");
    CHECK(store.health().trouble == "");
    CHECK(store.untold().size() == 1);
  }

  TEST_CASE("keeps in memory what cannot be written, and writes it when that works") {
    House house;
    const std::string folder = house.directory.file("later");
    const std::string path = folder + "/alerts.db";
    {
      AlertStore store(path, house.clock);
      store.save({.states = {full_state()}, .events = {event("a")}});
      CHECK(store.health().trouble != "");
      std::filesystem::create_directory(folder);
      house.clock.advance(10s);
      store.save({.events = {event("b")}});
      CHECK(store.health().trouble == "");
    }

    const AlertStore store(path, house.clock);
    CHECK(store.states().size() == 1);
    CHECK(store.untold() == std::vector<record::Event>{event("a"), event("b")});
  }
}
