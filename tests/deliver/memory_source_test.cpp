#include "deliver/memory_source.h"

#include <doctest/doctest.h>

#include "deliver/receiver.h"
#include "support/fake_clock.h"

using namespace shoal;
using namespace shoal::deliver;
using queue::Selection;
using test::Values;

namespace {

void append(MemorySource& source, std::initializer_list<double> values) {
  std::vector<record::Record> records;
  for (const double value : values) records.push_back(test::sample(value));
  source.append(records);
}

Values taken(MemorySource& source, const Selection& selection) {
  Values values;
  for (const auto& item : source.take(selection)) values.push_back(test::value_of(item.record));
  return values;
}

}  // namespace

TEST_SUITE("MemorySource") {
  TEST_CASE("gives records from either end, oldest first, within bounds") {
    const test::FakeClock clock;
    MemorySource source(clock);
    append(source, {1, 2, 3, 4, 5});

    CHECK(taken(source, {.max_records = 2}) == Values{1, 2});
    CHECK(taken(source, {.lane = Selection::Lane::newest, .max_records = 2}) == Values{4, 5});
    CHECK(taken(source, {.after = 1, .upto = 3}) == Values{2, 3});
    CHECK(taken(source, {.after = 4, .upto = 2}) == Values{});
    CHECK(taken(source, {.max_bytes = 1}) == Values{1});
  }

  TEST_CASE("drops the oldest beyond its limit and keeps account") {
    const test::FakeClock clock;
    MemorySource source(clock, {.bytes = 70});

    append(source, {1, 2, 3, 4});

    CHECK(taken(source, {}) == Values{3, 4});
    const auto accounts = source.accounts();
    CHECK(accounts.accepted == 4);
    CHECK(accounts.dropped == 2);
    CHECK(accounts.oldest_pending == clock.wall());
    CHECK(accounts.is_balanced());
  }

  TEST_CASE("expires what is too old when something new comes") {
    test::FakeClock clock;
    MemorySource source(clock, {.age = std::chrono::minutes(1)});
    append(source, {1});
    clock.advance(std::chrono::minutes(2));

    append(source, {2});

    CHECK(taken(source, {}) == Values{2});
    CHECK(source.accounts().expired == 1);
  }

  TEST_CASE("passes over what is settled a second time") {
    const test::FakeClock clock;
    MemorySource source(clock);
    append(source, {1});
    const std::vector<queue::Settlement> settlement{{.id = source.last_id()}};
    source.settle(settlement);

    source.settle(settlement);

    CHECK(source.accounts().delivered == 1);
    CHECK(source.accounts().is_balanced());
  }
}
