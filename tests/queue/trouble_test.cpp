// The queue while its file cannot be written: it goes on in memory, and back to the file when it
// can.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "queue/queue.h"
#include "queue/samples.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::queue;
using namespace std::chrono_literals;
using shoal::test::append;
using shoal::test::settle_all;
using shoal::test::Values;
using shoal::test::values_of;
namespace fs = std::filesystem;

namespace {

// As a full disk: no file can be written beyond its first bytes.
class FullDisk {
 public:
  FullDisk() : earlier_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &earlier_);
    rlimit tiny = earlier_;
    tiny.rlim_cur = 4096;
    ::setrlimit(RLIMIT_FSIZE, &tiny);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &earlier_);
    std::signal(SIGXFSZ, earlier_handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit earlier_{};
  void (*earlier_handler_)(int);
};

struct Fixture {
  test::TemporaryDirectory directory{test::memory_backed()};
  test::FakeClock clock;
  std::string path = directory.file("state/queue.db");
  std::optional<Queue> queue;
  OutputBit mackerel{};
  OutputBit slack{};

  void make_directory() const { fs::create_directory(directory.file("state")); }
  void open() {
    queue.reset();
    queue.emplace(path, clock);
    mackerel = queue->output("mackerel");
    slack = queue->output("slack");
  }
  Values pending(OutputBit output) { return values_of(queue->take(output, {})); }
};

}  // namespace

TEST_SUITE("Queue on a full disk") {
  TEST_CASE("accepts and delivers all the same") {
    Fixture f;
    f.make_directory();
    f.open();
    append(*f.queue, mask_of(f.mackerel), {1, 2});
    const FullDisk full;

    append(*f.queue, mask_of(f.mackerel), {3});
    settle_all(*f.queue, f.mackerel, f.queue->take(f.mackerel, {.max_records = 1}));

    CHECK(f.pending(f.mackerel) == Values{2, 3});
    CHECK(f.queue->health().records_in_memory == 1);
    CHECK(f.queue->health().trouble.starts_with(f.path + ": "));
    const Accounts accounts = f.queue->accounts(f.mackerel);
    CHECK(accounts.delivered == 1);
    CHECK(accounts.is_balanced());
  }

  TEST_CASE("moves everything to the file when there is space again") {
    Fixture f;
    f.make_directory();
    f.open();
    append(*f.queue, mask_of(f.mackerel) | mask_of(f.slack), {1, 2});
    {
      const FullDisk full;
      append(*f.queue, mask_of(f.mackerel), {3, 4});
      settle_all(*f.queue, f.mackerel, f.queue->take(f.mackerel, {.max_records = 1}));
      auto last = f.queue->take(f.mackerel, {.lane = Selection::Lane::newest, .max_records = 1});
      settle_all(*f.queue, f.mackerel, last, Fate::rejected);
    }
    f.clock.advance(11s);

    append(*f.queue, mask_of(f.slack), {5});
    const Accounts before = f.queue->accounts(f.mackerel);
    CHECK(f.queue->health().trouble.empty());
    CHECK(f.queue->health().records_in_memory == 0);
    f.open();

    CHECK(f.pending(f.mackerel) == Values{2, 3});
    CHECK(f.pending(f.slack) == Values{1, 2, 5});
    CHECK(f.queue->accounts(f.mackerel) == before);
    CHECK(before.delivered == 1);
    CHECK(f.queue->dead_letters().size() == 1);
  }

  TEST_CASE("takes from both ends over file and memory") {
    Fixture f;
    f.make_directory();
    f.open();
    append(*f.queue, mask_of(f.mackerel), {1, 2});
    const FullDisk full;
    append(*f.queue, mask_of(f.mackerel), {3, 4});

    CHECK(values_of(f.queue->take(f.mackerel, {.max_records = 3})) == Values{1, 2, 3});
    CHECK(values_of(f.queue->take(
              f.mackerel, {.lane = Selection::Lane::newest, .max_records = 3})) == Values{2, 3, 4});
  }

  TEST_CASE("keeps only the newest 8 MiB and counts the others") {
    Fixture f;
    f.make_directory();
    f.open();
    const FullDisk full;
    const record::Record large =
        record::Metadata{.name = "packages", .json = std::string(1 << 20, ' ')};

    for (int i = 0; i < 10; ++i) {
      f.queue->append(std::vector<Entry>{{large, mask_of(f.mackerel) | mask_of(f.slack)}});
    }

    const Accounts accounts = f.queue->accounts(f.slack);
    CHECK(accounts.dropped == 3);
    CHECK(accounts.pending == 7);
    CHECK(accounts == f.queue->accounts(f.mackerel));
    CHECK(accounts.is_balanced());
  }

  TEST_CASE("keeps to the limits of each output") {
    Fixture f;
    f.make_directory();
    f.open();
    append(*f.queue, mask_of(f.mackerel), {1});
    f.clock.advance(23h);
    const FullDisk full;
    append(*f.queue, mask_of(f.mackerel), {2});
    f.clock.advance(2h);

    f.queue->enforce_limits();

    CHECK(f.pending(f.mackerel) == Values{2});
    CHECK(f.queue->accounts(f.mackerel).expired == 1);
  }
}

TEST_SUITE("Queue without its directory") {
  TEST_CASE("works in memory and moves to the file once it can be made") {
    Fixture f;
    f.open();
    append(*f.queue, mask_of(f.mackerel), {1, 2});
    CHECK(f.queue->health().trouble == "open " + f.path + ".lock: No such file or directory");
    settle_all(*f.queue, f.mackerel, f.queue->take(f.mackerel, {.max_records = 1}));

    f.make_directory();
    f.clock.advance(11s);
    append(*f.queue, mask_of(f.mackerel), {3});
    const Accounts before = f.queue->accounts(f.mackerel);
    f.open();

    CHECK(f.pending(f.mackerel) == Values{2, 3});
    CHECK(f.queue->accounts(f.mackerel) == before);
  }

  TEST_CASE("finds the records of the last run when the file turns up later") {
    Fixture f;
    f.make_directory();
    {
      Queue earlier(f.path, f.clock);
      // In the other order, so that the outputs' bits differ.
      const OutputBit slack = earlier.output("slack");
      const OutputBit other = earlier.output("other");
      append(earlier, mask_of(slack), {1});
      append(earlier, mask_of(slack) | mask_of(other), {2});
      settle_all(earlier, slack, earlier.take(slack, {.max_records = 1}));
    }
    fs::rename(f.directory.file("state"), f.directory.file("away"));
    f.open();
    append(*f.queue, mask_of(f.mackerel) | mask_of(f.slack), {3});
    const auto in_flight = f.queue->take(f.mackerel, {});

    fs::rename(f.directory.file("away"), f.directory.file("state"));
    f.clock.advance(11s);
    append(*f.queue, mask_of(f.slack), {4});
    settle_all(*f.queue, f.mackerel, in_flight);

    CHECK(f.queue->health().trouble.empty());
    CHECK(f.pending(f.slack) == Values{2, 3, 4});
    CHECK(f.pending(f.mackerel).empty());
    const Accounts slack = f.queue->accounts(f.slack);
    CHECK(slack.accepted == 4);
    CHECK(slack.delivered == 1);
    CHECK(slack.is_balanced());
    const auto all = f.queue->all_accounts();
    REQUIRE(all.size() == 3);
    CHECK(all[2].output == "other");
    CHECK(all[2].accounts.pending == 1);
  }

  TEST_CASE("stays in memory while another process has the file") {
    Fixture f;
    f.open();
    append(*f.queue, mask_of(f.mackerel), {1});
    f.make_directory();
    Queue other(f.path, f.clock);
    f.clock.advance(11s);

    append(*f.queue, mask_of(f.mackerel), {2});

    CHECK(f.pending(f.mackerel) == Values{1, 2});
    CHECK(f.queue->health().trouble.find("expected to be its only user") != std::string::npos);
  }
}
