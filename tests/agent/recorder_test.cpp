#include "agent/recorder.h"

#include <atomic>
#include <future>
#include <latch>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "base/error.h"
#include "history/reader.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

using namespace shoal;
using agent::Recorder;

namespace {

// Files of a queue with one output, and of a history.
struct Bench {
  std::unique_ptr<history::Writer> history() const {
    return std::make_unique<history::Writer>(directory.file("history.db"), clock);
  }
  // One sample of this value.
  std::vector<queue::Entry> round(double value) const {
    return {{.record = record::Sample{.name = "load", .value = value, .time = clock.wall()},
             .outputs = queue::mask_of(output)}};
  }
  std::vector<queue::Entry> event(const std::string& text) const {
    return {{.record = record::Event{.job = "notify:ops", .time = clock.wall(), .text = text},
             .outputs = queue::mask_of(output)}};
  }
  std::size_t points_in_history() const try {
    history::Reader reader(directory.file("history.db"));
    const auto series = reader.series("load", WallTime{});
    return series ? series->points.size() : 0;
  } catch (const Error&) {
    return 0;  // not there yet
  }

  test::TemporaryDirectory directory;
  test::FakeClock clock;
  queue::Queue queue{directory.file("queue.db"), clock};
  queue::OutputBit output = queue.output("out");
};

}  // namespace

TEST_SUITE("Recorder") {
  TEST_CASE("tells of a commit when both the queue and the history hold it") {
    Bench bench;
    std::latch told(1);
    queue::OutputMask outputs = 0;
    std::uint64_t queued = 0;
    std::size_t points = 0;
    Recorder recorder({&bench.queue, bench.history(), {}}, bench.clock,
                      [&](Recorder::Commit commit) {
                        outputs = commit.outputs;
                        queued = bench.queue.pending(bench.output);
                        points = bench.points_in_history();
                        told.count_down();
                      });

    recorder.record(bench.round(1));
    told.wait();

    CHECK(outputs == queue::mask_of(bench.output));
    CHECK(queued == 1);
    CHECK(points == 1);
  }

  TEST_CASE("has in the queue whatever the history shows") {
    Bench bench;
    Recorder recorder({&bench.queue, bench.history(), {}}, bench.clock, [](Recorder::Commit) {});
    recorder.record(bench.round(1));

    while (bench.points_in_history() == 0) std::this_thread::yield();

    CHECK(bench.queue.last_id() == 1);
  }

  TEST_CASE("commits together what has arrived meanwhile") {
    Bench bench;
    std::latch first_told(1);
    std::latch go_on(1);
    int commits = 0;
    {
      Recorder recorder({&bench.queue, bench.history(), {}}, bench.clock, [&](Recorder::Commit) {
        if (++commits > 1) return;
        first_told.count_down();
        go_on.wait();
      });
      recorder.record(bench.round(0));
      first_told.wait();

      for (int i = 1; i <= 100; ++i) recorder.record(bench.round(i));
      go_on.count_down();
    }
    CHECK(commits == 2);
    CHECK(bench.queue.pending(bench.output) == 101);
  }

  TEST_CASE("commits what it was handed before it ends") {
    Bench bench;

    {
      Recorder recorder({&bench.queue, bench.history(), {}}, bench.clock, [](Recorder::Commit) {});
      recorder.record(bench.round(1));
    }

    CHECK(bench.queue.pending(bench.output) == 1);
    CHECK(bench.points_in_history() == 1);
  }

  TEST_CASE("gives up the oldest round when commits cannot keep up, and counts it") {
    Bench bench;
    std::latch first_told(1);
    std::latch go_on(1);
    std::uint64_t displaced = 0;
    {
      bool is_first = true;
      Recorder recorder({.queue = &bench.queue}, bench.clock, [&](Recorder::Commit) {
        if (!std::exchange(is_first, false)) return;
        first_told.count_down();
        go_on.wait();
      });
      recorder.record(bench.round(-1));
      first_told.wait();

      for (int i = 0; i < 4097; ++i) recorder.record(bench.round(i));
      displaced = recorder.displaced_rounds();
      go_on.count_down();
    }
    CHECK(displaced == 1);
    const auto kept = bench.queue.take(bench.output, {.max_records = 2});
    REQUIRE(kept.size() == 2);
    CHECK(std::get<record::Sample>(kept.at(0).record).value == -1);
    CHECK(std::get<record::Sample>(kept.at(1).record).value == 1);
  }

  TEST_CASE("has no room for a second flood while one waits, but for small rounds") {
    Bench bench;
    std::latch first_told(1);
    std::latch go_on(1);
    const std::vector<queue::Entry> flood(100'000, bench.round(2).front());
    std::uint64_t displaced = 0;
    {
      bool is_first = true;
      Recorder recorder({}, bench.clock, [&](Recorder::Commit) {
        if (!std::exchange(is_first, false)) return;
        first_told.count_down();
        go_on.wait();
      });
      recorder.record(bench.round(1));
      first_told.wait();

      recorder.record(flood);
      recorder.record(flood);
      recorder.record(bench.round(3));
      displaced = recorder.displaced_rounds();
      go_on.count_down();
    }
    CHECK(displaced == 1);
  }

  TEST_CASE("stores nothing in the queue that no durable output wants") {
    Bench bench;
    auto round = bench.round(1);
    round.front().outputs = 0;

    {
      Recorder recorder({&bench.queue, bench.history(), {}}, bench.clock, [](Recorder::Commit) {});
      recorder.record(round);
    }

    CHECK(bench.queue.last_id() == 0);
    CHECK(bench.points_in_history() == 1);
  }

  TEST_CASE("answers for events once they are in the queue for good") {
    Bench bench;
    Recorder recorder({&bench.queue, bench.history(), {}}, bench.clock, [](Recorder::Commit) {});
    std::promise<std::pair<relay::Kept, std::uint64_t>> told;

    recorder.record_awaited(bench.event("hi"), [&](relay::Kept kept) {
      told.set_value({kept, bench.queue.pending(bench.output)});
    });

    CHECK(told.get_future().get() == std::pair{relay::Kept::durable, std::uint64_t{1}});
  }

  TEST_CASE("takes no more from outside than fills half of a queue") {
    Bench bench;
    const queue::OutputBit small = bench.queue.output("small", {.bytes = 4'000});
    Recorder recorder({&bench.queue, nullptr, {}}, bench.clock, [](Recorder::Commit) {});
    const auto kept = [&](queue::OutputBit output) {
      std::promise<relay::Kept> told;
      auto events = bench.event(std::string(1'000, 'x'));
      events[0].outputs = queue::mask_of(output);
      recorder.record_awaited(std::move(events),
                              [&](relay::Kept outcome) { told.set_value(outcome); });
      return told.get_future().get();
    };

    CHECK(kept(small) == relay::Kept::durable);
    CHECK(kept(small) == relay::Kept::no_room);
    CHECK(kept(bench.output) == relay::Kept::durable);
    CHECK(bench.queue.accounts(small).dropped == 0);
    CHECK(bench.queue.accounts(small).accepted == 1);
  }

  TEST_CASE("counts together what is to be kept together") {
    Bench bench;
    const queue::OutputBit small = bench.queue.output("small", {.bytes = 4'000});
    std::atomic<int> durable = 0;
    {
      Recorder recorder({&bench.queue, nullptr, {}}, bench.clock, [](Recorder::Commit) {});
      for (int i = 0; i < 20; ++i) {
        auto events = bench.event(std::string(1'000, 'x'));
        events[0].outputs = queue::mask_of(small);
        recorder.record_awaited(std::move(events), [&](relay::Kept outcome) {
          durable += outcome == relay::Kept::durable ? 1 : 0;
        });
      }
    }

    CHECK(durable == 1);
    CHECK(bench.queue.accounts(small).dropped == 0);
  }

  TEST_CASE("says of events without a queue that they are not kept") {
    Bench bench;
    Recorder recorder({nullptr, nullptr, {}}, bench.clock, [](Recorder::Commit) {});
    std::promise<relay::Kept> told;

    recorder.record_awaited(bench.event("hi"), [&](relay::Kept kept) { told.set_value(kept); });

    CHECK(told.get_future().get() == relay::Kept::not_durable);
  }
}
