#include "plugin/patient_maker.h"

#include <future>
#include <stdexcept>
#include <thread>

#include <doctest/doctest.h>

#include "base/error.h"

using namespace shoal;
using namespace shoal::plugin;

TEST_SUITE("a patient maker") {
  TEST_CASE("says of what throws that it broke the border") {
    const PatientMaker maker(std::chrono::minutes(1));

    CHECK(
        maker.make([]() -> std::shared_ptr<Instance> { throw std::runtime_error("no"); }).breach ==
        "threw through the border of create(): no");
    CHECK(maker.make([]() -> std::shared_ptr<Instance> { throw 1; }).breach ==
          "threw through the border of create()");
  }

  TEST_CASE("passes on how a plugin refuses") {
    const PatientMaker maker(std::chrono::minutes(1));

    CHECK_THROWS_WITH_AS(
        maker.make([]() -> std::shared_ptr<Instance> { throw PluginError("not today"); }),
        "not today", PluginError);
  }

  TEST_CASE("leaves who does not end behind, and knows of it until it does") {
    const PatientMaker maker(std::chrono::milliseconds(1));
    const auto released = std::make_shared<std::promise<void>>();

    const auto made = maker.make([released]() -> std::shared_ptr<Instance> {
      released->get_future().wait();
      return nullptr;
    });

    CHECK(made.breach == "did not end in create() within 0.001 s");
    CHECK(maker.has_stuck());
    released->set_value();
    while (maker.has_stuck()) std::this_thread::yield();
  }
}
