#include <optional>

#include <doctest/doctest.h>

#include "deliver/delivery.h"
#include "deliver/memory_source.h"
#include "deliver/receiver.h"
#include "support/fake_clock.h"

using namespace shoal;
using namespace shoal::deliver;
using namespace std::chrono_literals;
using plugin::CallStatus;
using test::Receiver;
using test::Values;

namespace {

// An output that wants to be called every five seconds.
struct Fixture {
  test::FakeClock clock;
  MemorySource source{clock};
  Receiver receiver;
  std::optional<Delivery> delivery;

  Fixture() {
    DeliverySettings settings{.output = "consul"};
    settings.set_heartbeat(5s);
    delivery.emplace(source, receiver, clock, settings, [] { return 1.0; });
  }
  void append(double value) {
    const record::Record record = test::sample(value);
    source.append({&record, 1});
  }
  std::chrono::nanoseconds step_in(std::chrono::nanoseconds wait) {
    clock.advance(wait);
    return delivery->step() - clock.steady();
  }
};

}  // namespace

TEST_SUITE("Delivery with a heartbeat") {
  TEST_CASE("offers nothing when it starts, and then as often as the output wants") {
    Fixture f;

    CHECK(f.step_in(0s) == 5s);
    CHECK(f.step_in(4s) == 1s);
    CHECK(f.step_in(1s) == 5s);

    CHECK(f.receiver.offers == std::vector<Values>{{}, {}});
    CHECK(f.delivery->state().activity == Activity::idle);
    CHECK(f.delivery->state().last_success == f.clock.wall());
  }

  TEST_CASE("counts from the last offer of records") {
    Fixture f;
    f.step_in(0s);
    f.append(1);

    f.step_in(3s);
    CHECK(f.step_in(2s) == 3s);
    f.step_in(3s);

    CHECK(f.receiver.offers == std::vector<Values>{{}, {1}, {}});
  }

  TEST_CASE("shows that one failed, and tries again as often") {
    Fixture f;
    f.receiver.answer = [](const Values&) { return Receiver::failure(); };

    CHECK(f.step_in(0s) == 5s);
    CHECK(f.delivery->state().activity == Activity::failing);
    CHECK(f.delivery->state().last_error == "HTTP 503");
    f.receiver.answer = nullptr;
    f.step_in(5s);

    CHECK(f.delivery->state().activity == Activity::idle);
    CHECK(f.delivery->state().failures == 0);
  }

  TEST_CASE("makes records wait no longer than it after an outage") {
    Fixture f;
    f.receiver.answer = [](const Values&) { return Receiver::failure(); };
    f.append(1);
    std::chrono::nanoseconds longest = 0s;

    for (int i = 0; i < 20; ++i) longest = std::max(longest, f.step_in(longest));

    CHECK(longest == 5s);
  }

  TEST_CASE("is slow where a person must act") {
    Fixture f;
    f.receiver.answer = [](const Values&) {
      return Receiver::failure(CallStatus::auth, "HTTP 403");
    };

    CHECK(f.step_in(0s) == 60s);
    CHECK(f.step_in(59s) == 1s);

    CHECK(f.receiver.offers.size() == 1);
  }
}
