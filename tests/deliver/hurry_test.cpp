#include <algorithm>
#include <optional>

#include <doctest/doctest.h>

#include "deliver/delivery.h"
#include "deliver/memory_source.h"
#include "deliver/receiver.h"
#include "support/fake_clock.h"

using namespace shoal;
using namespace shoal::deliver;
using namespace std::chrono_literals;
using test::Receiver;
using test::Values;

namespace {

// An output that took its first batch and wants the next a minute later.
struct Fixture {
  test::FakeClock clock;
  MemorySource source{clock};
  Receiver receiver;
  std::optional<Delivery> delivery;

  Fixture() {
    receiver.answer = [this](const Values& values) { return once_a_minute(values); };
    delivery.emplace(source, receiver, clock, DeliverySettings{.output = "mackerel"},
                     [] { return 1.0; });
    append(test::sample(0));
    delivery->step();
    receiver.offers.clear();
  }
  plugin::DeliveryReport once_a_minute(const Values& values) {
    auto report = Receiver::all(values);
    report.next_offer = clock.wall() + 60s;
    return report;
  }
  void append(const record::Record& record) { source.append({&record, 1}); }
  std::chrono::nanoseconds step_in(std::chrono::nanoseconds wait) {
    clock.advance(wait);
    return delivery->step() - clock.steady();
  }
};

}  // namespace

TEST_SUITE("Delivery in a hurry") {
  TEST_CASE("offers check results alone, and leaves the time of the next batch as it was") {
    Fixture f;
    f.append(test::sample(1));
    f.append(test::check_result(2));
    f.delivery->hurry();

    CHECK(f.step_in(10s) == 50s);
    CHECK(f.receiver.offers == std::vector<Values>{{2}});

    CHECK(f.step_in(40s) == 10s);
    f.step_in(10s);
    CHECK(f.receiver.offers == std::vector<Values>{{2}, {1}});
    CHECK(f.source.pending() == 0);
  }

  TEST_CASE("takes along the results that were in no hurry") {
    Fixture f;
    f.append(test::check_result(1));
    CHECK(f.step_in(10s) == 50s);
    f.append(test::check_result(2));
    f.delivery->hurry();

    f.step_in(1s);

    CHECK(f.receiver.offers == std::vector<Values>{{1, 2}});
  }

  TEST_CASE("offers nothing of its own when the regular batch is due") {
    Fixture f;
    f.append(test::sample(1));
    f.append(test::check_result(2));
    f.delivery->hurry();

    f.step_in(60s);

    CHECK(f.receiver.offers == std::vector<Values>{{1, 2}});
  }

  TEST_CASE("has nothing to hurry with if only samples wait") {
    Fixture f;
    f.append(test::sample(1));
    f.delivery->hurry();

    CHECK(f.step_in(1s) == 59s);
    CHECK(f.receiver.offers.empty());
  }

  TEST_CASE("tries again soon when that fails, not only with the next batch") {
    Fixture f;
    f.receiver.answer = [](const Values&) { return Receiver::failure(); };
    f.append(test::sample(1));
    f.append(test::check_result(2));
    f.delivery->hurry();

    CHECK(f.step_in(1s) == 1s);
    CHECK(f.step_in(1s) == 2s);
    f.receiver.answer = nullptr;
    CHECK(f.step_in(2s) == 56s);

    CHECK(f.receiver.offers == std::vector<Values>{{2}, {2}, {2}});
    CHECK(f.source.pending() == 1);
  }

  TEST_CASE("waits as long as the receiver said after a failure") {
    Fixture f;
    f.receiver.answer = [](const Values&) {
      auto report = Receiver::failure();
      report.retry_after = 30s;
      return report;
    };
    f.append(test::check_result(2));
    f.delivery->hurry();
    f.step_in(1s);
    f.append(test::check_result(3));
    f.delivery->hurry();

    CHECK(f.step_in(29s) == 1s);

    CHECK(f.receiver.offers.size() == 1);
  }

  TEST_CASE("finds the bad one among refused results") {
    Fixture f;
    f.receiver.answer = [](const Values& values) {
      const bool is_bad = std::find(values.begin(), values.end(), 3) != values.end();
      return is_bad ? Receiver::failure(plugin::CallStatus::rejected) : Receiver::all(values);
    };
    f.append(test::sample(1));
    f.append(test::check_result(2));
    f.append(test::check_result(3));
    f.delivery->hurry();

    for (int i = 0; i < 4; ++i) f.step_in(1s);

    CHECK(f.receiver.offers == std::vector<Values>{{2, 3}, {2}, {3}});
    CHECK(f.source.accounts().rejected == 1);
    CHECK(f.source.pending() == 1);
  }
}
