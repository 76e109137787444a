// An outage in full, over the real queue on a clock of its own: nothing is lost, nothing comes
// twice, the present comes first, and the accounts add up at every step.
#include <algorithm>
#include <optional>
#include <set>

#include <doctest/doctest.h>

#include "deliver/delivery.h"
#include "deliver/queue_source.h"
#include "deliver/receiver.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::deliver;
using namespace std::chrono_literals;
using test::Receiver;
using test::Values;

namespace {

constexpr int samples_a_round = 26;

class Host {
 public:
  Host() { open(); }

  void restart() {
    delivery_.reset();
    source_.reset();
    queue_.reset();
    open();
  }

  // A round each minute, and whatever the delivery wants in between.
  void run_minutes(int minutes) {
    for (int minute = 0; minute < minutes; ++minute) {
      do_round();
      const SteadyTime end = clock.steady() + 1min;
      for (SteadyTime next = step(); next < end; next = step()) {
        if (next > clock.steady()) clock.advance(next - clock.steady());
      }
      clock.advance(end - clock.steady());
    }
  }

  queue::Accounts accounts() { return queue_->accounts(bit_); }

  test::FakeClock clock;
  Receiver receiver;
  double accepted = 0;

 private:
  void open() {
    queue_.emplace(directory_.file("queue.db"), clock);
    bit_ = queue_->output("mackerel");
    source_.emplace(*queue_, bit_);
    const DeliverySettings settings{.output = "mackerel", .max_records = samples_a_round};
    delivery_.emplace(*source_, receiver, clock, settings, [] { return 0.5; });
  }
  void do_round() {
    std::vector<queue::Entry> entries;
    for (int i = 0; i < samples_a_round; ++i) {
      entries.push_back({test::sample(accepted++, clock.wall()), queue::mask_of(bit_)});
    }
    queue_->append(entries);
  }
  SteadyTime step() {
    const SteadyTime next = delivery_->step();
    REQUIRE(accounts().is_balanced());
    REQUIRE(accounts().delivered == receiver.taken.size());
    return next;
  }

  test::TemporaryDirectory directory_{test::memory_backed()};
  std::optional<queue::Queue> queue_;
  queue::OutputBit bit_{};
  std::optional<QueueSource> source_;
  std::optional<Delivery> delivery_;
};

plugin::DeliveryReport minutely(const Host& host, const Values& values) {
  auto report = Receiver::all(values);
  report.next_offer = host.clock.wall() + 60s;
  return report;
}

bool is_each_once(Values values, double count) {
  std::sort(values.begin(), values.end());
  for (double expected = 0; expected < count; ++expected) {
    if (values.size() != count || values[static_cast<std::size_t>(expected)] != expected) {
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_SUITE("an outage of ten minutes") {
  TEST_CASE("loses nothing, repeats nothing and shows the present first") {
    Host host;
    bool is_down = false;
    host.receiver.answer = [&](const Values& values) {
      return is_down ? Receiver::failure() : minutely(host, values);
    };
    host.run_minutes(3);
    is_down = true;
    host.run_minutes(10);
    CHECK(host.receiver.taken.size() == 3 * samples_a_round);
    is_down = false;
    host.receiver.offers.clear();

    host.run_minutes(10);

    CHECK(is_each_once(host.receiver.taken, host.accepted));
    CHECK(host.accounts().pending == 0);
    // The first success is of the newest round there was, then the past in its order.
    CHECK(host.receiver.offers[0].back() >= 12 * samples_a_round);
    CHECK(host.receiver.offers[1].front() == 3 * samples_a_round);
  }

  TEST_CASE("with a restart in the middle is made up for all the same") {
    Host host;
    bool is_down = true;
    host.receiver.answer = [&](const Values& values) {
      return is_down ? Receiver::failure() : minutely(host, values);
    };
    host.run_minutes(5);
    host.restart();
    host.run_minutes(5);
    is_down = false;
    host.receiver.offers.clear();

    host.run_minutes(10);

    CHECK(is_each_once(host.receiver.taken, host.accepted));
    CHECK(host.receiver.offers[0].front() >= 5 * samples_a_round);
  }
}
