#include "deliver/worker.h"

#include <future>

#include <doctest/doctest.h>

#include "deliver/memory_source.h"
#include "deliver/receiver.h"

using namespace shoal;
using namespace shoal::deliver;
using namespace std::chrono_literals;
using test::Receiver;
using test::Values;

namespace {

struct Fixture {
  SystemClock clock;
  MemorySource* source = nullptr;
  Receiver* receiver = nullptr;
  std::unique_ptr<Worker> worker;

  Fixture() {
    auto owned_source = std::make_unique<MemorySource>(clock);
    auto owned_receiver = std::make_unique<Receiver>();
    source = owned_source.get();
    receiver = owned_receiver.get();
    worker = std::make_unique<Worker>(std::move(owned_source), std::move(owned_receiver), clock,
                                      DeliverySettings{.output = "stdout"});
  }
  void append(double value) { source->append(std::vector<record::Record>{test::sample(value)}); }
};

}  // namespace

TEST_SUITE("Worker") {
  TEST_CASE("delivers what it is told of") {
    Fixture f;
    std::promise<Values> offered;
    f.receiver->answer = [&](const Values& values) {
      offered.set_value(values);
      return Receiver::all(values);
    };
    f.worker->start();
    f.append(1);

    f.worker->notify();

    CHECK(offered.get_future().get() == Values{1});
    CHECK(f.worker->stop(f.clock.steady() + 10s));
    CHECK(f.worker->accounts().delivered == 1);
  }

  TEST_CASE("delivers what has come until it is stopped") {
    Fixture f;
    f.worker->start();
    f.append(1);

    CHECK(f.worker->stop(f.clock.steady() + 10s));

    CHECK(f.worker->accounts().delivered == 1);
    CHECK(f.worker->state().activity == Activity::stopped);
  }

  TEST_CASE("cancels a call that outlasts the time it has to stop") {
    Fixture f;
    std::promise<void> entered;
    std::promise<void> cancelled;
    f.receiver->answer = [&](const Values&) {
      entered.set_value();
      cancelled.get_future().wait();
      return Receiver::failure(plugin::CallStatus::cancelled, "cancelled");
    };
    f.receiver->on_cancel = [&] { cancelled.set_value(); };
    f.worker->start();
    f.append(1);
    f.worker->notify();
    entered.get_future().wait();

    CHECK(f.worker->stop(f.clock.steady() + 1ms));

    CHECK(f.receiver->cancels == 1);
    CHECK(f.worker->accounts().pending == 1);
  }

  TEST_CASE("can go without ever having been started") {
    Fixture f;

    f.worker.reset();

    CHECK(f.worker == nullptr);
  }
}
