#include "deliver/delivery.h"

#include <optional>

#include <doctest/doctest.h>

#include "deliver/memory_source.h"
#include "deliver/receiver.h"
#include "support/fake_clock.h"

using namespace shoal;
using namespace shoal::deliver;
using namespace std::chrono_literals;
using plugin::CallStatus;
using plugin::Verdict;
using test::Receiver;
using test::Values;

namespace {

struct Fixture {
  test::FakeClock clock;
  MemorySource source{clock};
  Receiver receiver;
  DeliverySettings settings{.output = "mackerel"};
  std::optional<Delivery> delivery;

  void append(std::initializer_list<double> values, WallTime time = {}) {
    std::vector<record::Record> records;
    for (const double value : values) records.push_back(test::sample(value, time));
    source.append(records);
  }
  void begin() {
    // The largest draw: waits are 1 s, 2 s, 4 s, ...
    delivery.emplace(source, receiver, clock, settings, [] { return 1.0; });
  }
  SteadyTime step() { return delivery->step(); }
  // Steps as often as the delivery wants within this time.
  void run(std::chrono::nanoseconds duration) {
    const SteadyTime end = clock.steady() + duration;
    for (SteadyTime next = step(); next <= end; next = step()) {
      if (next > clock.steady()) clock.advance(next - clock.steady());
    }
    if (end > clock.steady()) clock.advance(end - clock.steady());
  }
  std::chrono::nanoseconds wait() { return step() - clock.steady(); }
};

}  // namespace

TEST_SUITE("Delivery") {
  TEST_CASE("offers what comes in order and is idle when all is taken") {
    Fixture f;
    f.begin();
    f.append({1, 2});

    f.step();
    f.append({3});
    f.step();

    CHECK(f.receiver.offers == std::vector<Values>{{1, 2}, {3}});
    CHECK(f.step() == SteadyTime::max());
    CHECK(f.delivery->state().activity == Activity::idle);
    CHECK(f.delivery->state().last_success == f.clock.wall());
    CHECK(f.source.accounts().delivered == 3);
  }

  TEST_CASE("starts the instance before the first offer, and tries again when that fails") {
    Fixture f;
    f.receiver.on_start = [&] {
      return plugin::RoundReport{
          .status = f.receiver.starts < 3 ? CallStatus::retry : CallStatus::ok,
          .reason = "no route"};
    };
    f.begin();
    f.append({1});

    CHECK(f.wait() == 1s);
    CHECK(f.delivery->state().activity == Activity::failing);
    CHECK(f.delivery->state().last_error == "start: no route");
    CHECK(f.receiver.offers.empty());

    f.run(4s);
    CHECK(f.receiver.starts == 3);
    CHECK(f.receiver.taken == Values{1});
  }

  TEST_CASE("waits longer after each failure, up to the longest wait") {
    Fixture f;
    f.settings.pace.longest_retry = 5s;
    f.receiver.answer = [](const Values&) { return Receiver::failure(); };
    f.begin();
    f.append({1});

    std::vector<std::chrono::nanoseconds> waits;
    for (int i = 0; i < 5; ++i) {
      waits.push_back(f.wait());
      f.clock.advance(waits.back());
    }

    CHECK(waits == std::vector<std::chrono::nanoseconds>{1s, 2s, 4s, 5s, 5s});
    CHECK(f.receiver.calls[3].attempt == 4);
  }

  TEST_CASE("tells since when and why it fails, and when the next try is") {
    Fixture f;
    f.receiver.answer = [](const Values&) { return Receiver::failure(); };
    f.begin();
    f.append({1});
    const WallTime began = f.clock.wall();

    f.run(2s);

    const State state = f.delivery->state();
    CHECK(state.activity == Activity::failing);
    CHECK(state.failures == 2);
    CHECK(state.failing_since == began);
    CHECK(state.last_error == "HTTP 503");
    CHECK(state.last_error_time == began + 1s);
    CHECK(state.next_try == began + 3s);
  }

  TEST_CASE("does not come back before the receiver allows it") {
    Fixture f;
    f.receiver.answer = [](const Values&) {
      auto report = Receiver::failure();
      report.retry_after = 90s;
      return report;
    };
    f.begin();
    f.append({1});

    CHECK(f.wait() == 90s);
    f.append({2});
    CHECK(f.wait() == 90s);
    CHECK(f.receiver.offers.size() == 1);
  }

  TEST_CASE(
      "counts it as no failure when an output takes nothing yet and says when to come again") {
    Fixture f;
    f.receiver.answer = [](const Values& values) {
      auto report = Receiver::all(values, values.size() < 3 ? Verdict::retry : Verdict::delivered);
      report.retry_after = 2s;
      return report;
    };
    f.begin();
    f.append({1});

    CHECK(f.wait() == 2s);
    CHECK(f.delivery->state().activity == Activity::waiting);
    CHECK(f.delivery->state().failures == 0);
    f.append({2, 3});
    f.delivery->hurry();
    CHECK(f.wait() == 2s);
    f.run(2s);

    CHECK(f.receiver.offers == std::vector<Values>{{1}, {1, 2, 3}});
    CHECK(f.receiver.taken == Values{1, 2, 3});
  }

  TEST_CASE("tries slowly what a person must cure") {
    for (const CallStatus status :
         {CallStatus::auth, CallStatus::config, CallStatus::permission, CallStatus::unsupported}) {
      Fixture f;
      f.receiver.answer = [&](const Values&) { return Receiver::failure(status); };
      f.begin();
      f.append({1});

      CHECK(f.wait() == 60s);
      CHECK(f.source.pending() == 1);
    }
  }

  TEST_CASE("offers the newest first after an outage, the rest at a bounded rate") {
    Fixture f;
    f.settings.max_records = 2;
    f.settings.pace.backlog_interval = 10s;
    bool is_down = true;
    f.receiver.answer = [&](const Values& values) {
      return is_down ? Receiver::failure() : Receiver::all(values);
    };
    f.begin();
    f.append({1, 2, 3, 4, 5, 6});
    f.run(20s);
    is_down = false;
    f.receiver.offers.clear();

    f.run(15s);
    CHECK(f.receiver.offers == std::vector<Values>{{5, 6}});
    f.append({7});
    f.run(1s);
    CHECK(f.receiver.offers == std::vector<Values>{{5, 6}, {7}});
    f.run(25s);
    CHECK(f.receiver.offers == std::vector<Values>{{5, 6}, {7}, {1, 2}, {3, 4}});
    CHECK(f.source.pending() == 0);
  }

  TEST_CASE("lets what was left from the last run follow what is fresh") {
    Fixture f;
    f.append({1, 2});
    f.begin();
    f.append({3});

    f.run(2s);

    CHECK(f.receiver.offers == std::vector<Values>{{3}, {1, 2}});
  }

  TEST_CASE("offers regular batches when the receiver wants them") {
    Fixture f;
    f.receiver.answer = [&](const Values& values) {
      auto report = Receiver::all(values);
      report.next_offer = f.clock.wall() + 60s;
      return report;
    };
    f.begin();
    f.append({1});
    f.run(1s);
    f.append({2});
    f.run(30s);
    CHECK(f.delivery->state().activity == Activity::waiting);
    f.append({3});
    f.run(28s);
    CHECK(f.receiver.offers == std::vector<Values>{{1}});

    f.run(2s);

    CHECK(f.receiver.offers == std::vector<Values>{{1}, {2, 3}});
  }

  TEST_CASE("does not make what was too much for one batch wait for the next regular one") {
    Fixture f;
    f.settings.max_records = 2;
    f.receiver.answer = [&](const Values& values) {
      auto report = Receiver::all(values);
      report.next_offer = f.clock.wall() + 60s;
      return report;
    };
    f.begin();
    f.append({1, 2, 3, 4, 5});

    f.run(5s);

    CHECK(f.receiver.offers == std::vector<Values>{{1, 2}, {3, 4}, {5}});
  }

  TEST_CASE("settles each record by its own verdict") {
    Fixture f;
    f.receiver.answer = [](const Values& values) {
      if (values.size() < 3) return Receiver::failure();
      return plugin::DeliveryReport{
          .reason = "too old", .verdicts = {Verdict::delivered, Verdict::rejected, Verdict::retry}};
    };
    f.begin();
    f.append({1, 2, 3});

    f.run(1500ms);

    CHECK(f.receiver.offers == std::vector<Values>{{1, 2, 3}, {3}});
    const auto accounts = f.source.accounts();
    CHECK(accounts.delivered == 1);
    CHECK(accounts.rejected == 1);
    CHECK(accounts.pending == 1);
  }

  TEST_CASE("does not let a record that is kept for ever hold up fresh ones") {
    Fixture f;
    f.receiver.answer = [](const Values& values) {
      auto report = Receiver::all(values);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] == 13) report.verdicts[i] = Verdict::retry;
      }
      return report;
    };
    f.begin();
    f.append({13, 1});
    f.run(10min);
    f.receiver.offers.clear();

    f.append({2});
    f.step();

    CHECK(f.receiver.offers == std::vector<Values>{{2}});
    CHECK(f.source.pending() == 1);
  }

  TEST_CASE("halves a batch that is refused until the bad record is alone") {
    Fixture f;
    f.receiver.answer = [](const Values& values) {
      for (const double value : values) {
        if (value == 5) return Receiver::failure(CallStatus::rejected, "bad name");
      }
      return Receiver::all(values);
    };
    f.begin();
    f.append({1, 2, 3, 4, 5, 6, 7, 8});

    f.run(2s);

    CHECK(f.receiver.taken == Values{1, 2, 3, 4, 6, 7, 8});
    CHECK(f.source.accounts().rejected == 1);
    CHECK(f.source.pending() == 0);
    CHECK(f.receiver.offers.size() == 7);
    CHECK(f.delivery->state().failures == 0);
  }

  TEST_CASE("gives up halving when the receiver goes away, and begins again later") {
    Fixture f;
    f.receiver.answer = [&](const Values& values) {
      if (f.receiver.offers.size() == 2) return Receiver::failure();
      if (values.size() > 1) return Receiver::failure(CallStatus::rejected, "bad");
      return Receiver::all(values);
    };
    f.begin();
    f.append({1, 2, 3, 4});

    f.run(10s);

    CHECK(f.receiver.offers[2] == Values{1, 2, 3, 4});
    CHECK(f.receiver.taken == Values{1, 2, 3, 4});
    CHECK(f.source.accounts().is_balanced());
  }

  TEST_CASE("keeps everything when the verdicts do not match the records") {
    Fixture f;
    f.receiver.answer = [](const Values&) { return Receiver::all({1}); };
    f.begin();
    f.append({1, 2});

    f.step();

    CHECK(f.source.pending() == 2);
    CHECK(f.delivery->state().last_error == "expected 2 verdicts, got 1");
  }

  TEST_CASE("expires what the output says is too old") {
    Fixture f;
    f.settings.max_age = 3600s;
    f.begin();
    f.append({1}, f.clock.wall() - 2h);
    f.append({2}, f.clock.wall() - 1min);

    f.run(1s);

    CHECK(f.receiver.offers == std::vector<Values>{{2}});
    CHECK(f.source.accounts().expired == 1);
  }

  TEST_CASE("limits each call by the output's timeout") {
    Fixture f;
    f.settings.timeout = 7s;
    f.begin();
    f.append({1});

    f.step();

    CHECK(f.receiver.calls[0].deadline == f.clock.steady() + 7s);
    CHECK(f.receiver.calls[0].scheduled == f.clock.wall());
    CHECK_FALSE(f.delivery->call_deadline());
  }

  TEST_CASE("offers once more before it ends, also what waits for its time") {
    Fixture f;
    f.receiver.answer = [&](const Values& values) {
      auto report = Receiver::all(values);
      report.next_offer = f.clock.wall() + 60s;
      return report;
    };
    f.begin();
    f.append({1});
    f.step();
    f.append({2});
    f.step();

    f.delivery->finish(f.clock.steady() + 3s);

    CHECK(f.receiver.taken == Values{1, 2});
    CHECK(f.receiver.calls.back().deadline == f.clock.steady() + 3s);
    CHECK(f.receiver.stops == 1);
    CHECK(f.delivery->state().activity == Activity::stopped);
    CHECK(f.step() == SteadyTime::max());
  }

  TEST_CASE("tries only once more when it ends in the middle of an outage") {
    Fixture f;
    f.receiver.answer = [](const Values&) { return Receiver::failure(); };
    f.begin();
    f.append({1});
    f.step();

    f.delivery->finish(f.clock.steady() + 3s);

    CHECK(f.receiver.offers.size() == 2);
    CHECK(f.receiver.stops == 1);
    CHECK(f.source.pending() == 1);
  }
}
