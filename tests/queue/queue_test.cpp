#include "queue/queue.h"

#include <optional>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/error.h"
#include "queue/samples.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::queue;
using shoal::test::append;
using shoal::test::settle_all;
using shoal::test::Values;
using shoal::test::values_of;
using Lane = Selection::Lane;

namespace {

struct Fixture {
  test::TemporaryDirectory directory{test::memory_backed()};
  test::FakeClock clock;
  std::string path = directory.file("queue.db");
  std::optional<Queue> queue{std::in_place, path, clock};
  OutputBit mackerel = queue->output("mackerel");
  OutputBit slack = queue->output("slack");

  void reopen() {
    queue.reset();
    queue.emplace(path, clock);
    mackerel = queue->output("mackerel");
    slack = queue->output("slack");
  }
  Values pending(OutputBit output) { return values_of(queue->take(output, {})); }
};

}  // namespace

TEST_SUITE("Queue") {
  TEST_CASE("gives a record to each of its outputs until that one has settled it") {
    Fixture f;
    append(*f.queue, mask_of(f.mackerel) | mask_of(f.slack), {1, 2});
    append(*f.queue, mask_of(f.mackerel), {3});

    settle_all(*f.queue, f.mackerel, f.queue->take(f.mackerel, {.max_records = 1}));

    CHECK(f.pending(f.mackerel) == Values{2, 3});
    CHECK(f.pending(f.slack) == Values{1, 2});
  }

  TEST_CASE("keeps records, settlements and accounts over a restart") {
    Fixture f;
    append(*f.queue, mask_of(f.mackerel), {1, 2, 3});
    settle_all(*f.queue, f.mackerel, f.queue->take(f.mackerel, {.max_records = 1}));
    const Accounts before = f.queue->accounts(f.mackerel);

    f.reopen();

    CHECK(f.pending(f.mackerel) == Values{2, 3});
    CHECK(f.queue->accounts(f.mackerel) == before);
    CHECK(before.accepted == 3);
    CHECK(before.delivered == 1);
    CHECK(before.pending == 2);
  }

  TEST_CASE("gives an output its records back when the outputs come in another order") {
    Fixture f;
    append(*f.queue, mask_of(f.slack), {1});

    f.queue.reset();
    Queue queue(f.path, f.clock);
    const OutputBit slack = queue.output("slack");

    CHECK(values_of(queue.take(slack, {})) == Values{1});
  }

  TEST_CASE("takes from either end, always oldest first") {
    Fixture f;
    append(*f.queue, mask_of(f.mackerel), {1, 2, 3, 4, 5});

    const auto oldest = f.queue->take(f.mackerel, {.lane = Lane::oldest, .max_records = 2});
    const auto newest = f.queue->take(f.mackerel, {.lane = Lane::newest, .max_records = 2});

    CHECK(values_of(oldest) == Values{1, 2});
    CHECK(values_of(newest) == Values{4, 5});
  }

  TEST_CASE("takes within the bounds on ids") {
    Fixture f;
    append(*f.queue, mask_of(f.mackerel), {1, 2, 3, 4, 5});
    const auto all = f.queue->take(f.mackerel, {});

    const Selection middle{.after = all[0].id, .upto = all[3].id};

    CHECK(values_of(f.queue->take(f.mackerel, middle)) == Values{2, 3, 4});
  }

  TEST_CASE("takes no more bytes than asked for, but one record however large it is") {
    Fixture f;
    append(*f.queue, mask_of(f.mackerel), {1, 2, 3});

    CHECK(values_of(f.queue->take(f.mackerel, {.max_bytes = 1})) == Values{1});
    CHECK(f.queue->take(f.mackerel, {.max_bytes = 100}).size() == 2);
  }

  TEST_CASE("passes over what is settled a second time") {
    Fixture f;
    append(*f.queue, mask_of(f.mackerel), {1});
    const auto items = f.queue->take(f.mackerel, {});
    settle_all(*f.queue, f.mackerel, items);

    settle_all(*f.queue, f.mackerel, items);

    CHECK(f.queue->accounts(f.mackerel).delivered == 1);
    CHECK(f.queue->accounts(f.mackerel).is_balanced());
  }

  TEST_CASE("keeps a rejected record as a dead letter with the reason") {
    Fixture f;
    append(*f.queue, mask_of(f.mackerel), {1});

    settle_all(*f.queue, f.mackerel, f.queue->take(f.mackerel, {}), Fate::rejected);
    f.reopen();

    const auto letters = f.queue->dead_letters();
    REQUIRE(letters.size() == 1);
    CHECK(letters[0].output == "mackerel");
    CHECK(letters[0].reason == "because");
    CHECK(letters[0].at == f.clock.wall());
    CHECK(letters[0].record == test::sample(1));
    CHECK(f.queue->accounts(f.mackerel).rejected == 1);
  }

  TEST_CASE("keeps only the newest thousand dead letters") {
    Fixture f;
    std::vector<Entry> entries;
    for (int i = 0; i < 1100; ++i) entries.push_back({test::sample(i), mask_of(f.mackerel)});
    f.queue->append(entries);

    const auto items = f.queue->take(f.mackerel, {.max_records = 2000});
    settle_all(*f.queue, f.mackerel, items, Fate::rejected);

    const auto letters = f.queue->dead_letters();
    CHECK(letters.size() == 1000);
    CHECK(letters.front().record == test::sample(1099));
    CHECK(f.queue->accounts(f.mackerel).rejected == 1100);
  }

  TEST_CASE("expires what is older than its output allows") {
    Fixture f;
    f.slack = f.queue->output("slack", {.age = std::chrono::hours(1)});
    append(*f.queue, mask_of(f.mackerel) | mask_of(f.slack), {1});
    f.clock.advance(std::chrono::minutes(90));
    append(*f.queue, mask_of(f.slack), {2});

    f.queue->enforce_limits();

    CHECK(f.pending(f.slack) == Values{2});
    CHECK(f.pending(f.mackerel) == Values{1});
    CHECK(f.queue->accounts(f.slack).expired == 1);
  }

  TEST_CASE("drops the oldest beyond the limit on bytes") {
    Fixture f;
    f.slack = f.queue->output("slack", {.bytes = 150});

    append(*f.queue, mask_of(f.slack), {1, 2, 3, 4, 5});

    CHECK(f.pending(f.slack) == Values{4, 5});
    const Accounts accounts = f.queue->accounts(f.slack);
    CHECK(accounts.dropped == 3);
    CHECK(accounts.pending_bytes <= 150);
    CHECK(accounts.is_balanced());
  }

  TEST_CASE("keeps the records of a removed output until they expire") {
    Fixture f;
    append(*f.queue, mask_of(f.slack), {1});
    f.queue.reset();
    f.queue.emplace(f.path, f.clock);

    auto all = f.queue->all_accounts();
    REQUIRE(all.size() == 1);
    CHECK(all[0].output == "slack");
    CHECK_FALSE(all[0].is_registered);
    CHECK(all[0].accounts.pending == 1);

    f.clock.advance(std::chrono::hours(25));
    f.queue->enforce_limits();

    CHECK(f.queue->all_accounts().empty());
  }

  TEST_CASE("tells when the oldest pending record was accepted") {
    Fixture f;
    const WallTime first = f.clock.wall();
    append(*f.queue, mask_of(f.mackerel), {1});
    f.clock.advance(std::chrono::minutes(1));
    append(*f.queue, mask_of(f.mackerel), {2});
    CHECK(f.queue->accounts(f.mackerel).oldest_pending == first);

    settle_all(*f.queue, f.mackerel, f.queue->take(f.mackerel, {.max_records = 1}));

    CHECK(f.queue->accounts(f.mackerel).oldest_pending == f.clock.wall());
  }

  TEST_CASE("has room for 31 outputs with records and names the next one") {
    Fixture f;
    for (int i = 0; i < 29; ++i) f.queue->output("output" + std::to_string(i));

    CHECK_THROWS_WITH_AS(
        f.queue->output("one-more"),
        ("queue " + f.path + ": output one-more: expected at most 31 outputs with records").c_str(),
        Error);

    f.queue->retire(f.slack);
    CHECK(f.queue->output("one-more") == f.slack);
  }

  TEST_CASE("refuses a second user and names the first") {
    Fixture f;

    CHECK_THROWS_WITH_AS(
        Queue(f.path, f.clock),
        ("queue " + f.path + ": expected to be its only user, process " +
         std::to_string(::getpid()) + " has it open; stop it, or give this one another --root")
            .c_str(),
        Error);
  }

  TEST_CASE("never uses an id twice, also when the newest record is gone") {
    Fixture f;
    append(*f.queue, mask_of(f.mackerel), {1});
    const auto items = f.queue->take(f.mackerel, {});
    settle_all(*f.queue, f.mackerel, items);

    append(*f.queue, mask_of(f.mackerel), {2});

    CHECK(f.queue->take(f.mackerel, {})[0].id > items[0].id);
  }
}
