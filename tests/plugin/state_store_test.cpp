#include "plugin/state_store.h"

#include <string>

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/log.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

using shoal::plugin::StateStore;

namespace {

struct State {
  shoal::test::TemporaryDirectory directory;
  shoal::test::FakeClock clock;
  std::string file = directory.file("state.db");
  StateStore store{file, clock};
};

}  // namespace

TEST_SUITE("StateStore") {
  TEST_CASE("keeps each job's values apart, across a restart") {
    State given;
    given.store.put("metric:a", "key", "one");
    given.store.put("metric:b", "key", "two");
    given.store.put("metric:a", "key", std::string("1\0", 2));

    StateStore restarted(given.file, given.clock);

    CHECK(restarted.get("metric:a", "key") == std::string("1\0", 2));
    CHECK(restarted.get("metric:b", "key") == "two");
    CHECK_FALSE(restarted.get("metric:c", "key"));
  }

  TEST_CASE("takes over what one job keeps in another file, and leaves that file alone") {
    State given;
    given.store.put("check:a", "key", "one");
    given.store.put("check:b", "key", "two");
    StateStore copy(given.directory.file("copy.db"), given.clock);

    copy.adopt(given.file, "check:a");
    copy.adopt(given.directory.file("none.db"), "check:b");
    copy.put("check:a", "key", "three");

    CHECK(copy.get("check:a", "key") == "three");
    CHECK_FALSE(copy.get("check:b", "key"));
    CHECK(given.store.get("check:a", "key") == "one");
  }

  TEST_CASE("forgets what is removed") {
    State given;
    given.store.put("metric:a", "key", "one");

    given.store.remove("metric:a", "key");
    given.store.remove("metric:a", "never there");

    CHECK_FALSE(given.store.get("metric:a", "key"));
  }

  TEST_CASE("holds at most a megabyte for each job") {
    State given;
    const std::string half(512 * 1024 - 1, 'x');
    given.store.put("metric:a", "1", half);
    given.store.put("metric:a", "2", half);

    CHECK_THROWS_WITH_AS(given.store.put("metric:a", "3", ""),
                         "state of metric:a: would hold more than 1048576 bytes", shoal::Error);
    CHECK_NOTHROW(given.store.put("metric:a", "2", "less"));
    CHECK_NOTHROW(given.store.put("metric:a", "3", ""));
    CHECK_NOTHROW(given.store.put("metric:b", "1", half));
  }

  TEST_CASE("refuses keys that are empty or too long") {
    State given;

    CHECK_THROWS_WITH_AS(given.store.put("metric:a", "", "x"),
                         "state key: expected 1 to 200 bytes, got 0", shoal::Error);
    CHECK_THROWS_WITH_AS(given.store.get("metric:a", std::string(201, 'k')),
                         "state key: expected 1 to 200 bytes, got 201", shoal::Error);
  }

  TEST_CASE("sets a damaged file aside and begins anew") {
    State given;
    given.directory.write("state.db", std::string(8192, 'x'));
    shoal::log::set_level(shoal::log::Level::error);

    CHECK_FALSE(given.store.get("metric:a", "key"));
    given.store.put("metric:a", "key", "one");

    CHECK(given.store.get("metric:a", "key") == "one");
    CHECK(std::filesystem::exists(given.file));
  }
}
