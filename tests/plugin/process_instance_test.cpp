#include "plugin/process/process_instance.h"

#include <fstream>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "process_house.h"

using namespace shoal;
using namespace shoal::plugin;
using namespace std::chrono_literals;

namespace {

std::string animal(const std::string& kind, const std::string& name) {
  return std::string(ZOO) + "/" + kind + "/" + name + ".so";
}

const record::Sample& sample_of(const RoundReport& report) {
  return std::get<record::Sample>(report.records.at(0));
}

}  // namespace

TEST_SUITE("a plugin in a process of its own") {
  TEST_CASE("says what it says inline") {
    const test::ProcessHouse house;
    const auto inside = house.create(Kind::metric, EXAMPLE_LOAD, "{}", config::Isolation::inline_);
    const auto outside = house.create(Kind::metric, EXAMPLE_LOAD);
    const auto call = house.call();

    const auto expected = inside->run(call);
    const auto report = outside->run(call);

    CHECK(outside->is_isolated());
    CHECK_FALSE(inside->is_isolated());
    CHECK(report.status == CallStatus::ok);
    REQUIRE(report.records.size() == expected.records.size());
    CHECK(sample_of(report).name == sample_of(expected).name);
    CHECK(sample_of(report).time == sample_of(expected).time);
  }

  TEST_CASE("is the default for what the build did not make") {
    const test::ProcessHouse house;
    const auto instance =
        house.create(Kind::metric, EXAMPLE_LOAD, "{}", config::Isolation::automatic);

    CHECK(instance->is_isolated());
    CHECK(instance->health().pid > 0);
  }

  TEST_CASE("that crashes costs its round, is named, and lives again in the next") {
    test::ProcessHouse house;
    const auto instance =
        house.create(Kind::metric, animal("metric", "null_dereference"), R"({"after_rounds": 1})");

    const auto good = instance->run(house.call());
    const auto bad = instance->run(house.call());
    instance->forgive();
    const auto again = instance->run(house.call());

    CHECK(good.status == CallStatus::ok);
    CHECK(bad.status == CallStatus::failed);
    CHECK(bad.reason.find("ended by signal 11 (Segmentation fault) at null_dereference.so+0x") ==
          0);
    CHECK(instance->health().deaths == 1);
    CHECK(again.status == CallStatus::ok);
  }

  TEST_CASE("that crashes leaves a report of where it happened") {
    test::ProcessHouse house;
    const auto file = animal("metric", "null_dereference");
    const auto instance = house.create(Kind::metric, file);

    instance->run(house.call());

    const auto reports = house.crashes.list();
    REQUIRE(reports.size() == 1);
    const auto& report = reports[0].report;
    CHECK(report.job == "metric:it");
    CHECK(report.during == "collect");
    CHECK(report.module == file);
    CHECK(report.offset > 0);
    CHECK(report.build_id.size() == 40);
  }

  TEST_CASE("that waits after a crash says so instead of being started") {
    test::ProcessHouse house;
    const auto instance = house.create(Kind::metric, animal("metric", "aborts"));

    instance->run(house.call());
    const auto report = instance->run(house.call());

    CHECK(report.status == CallStatus::failed);
    CHECK(report.reason.find("; waits, tried again in ") != std::string::npos);
    CHECK(instance->health().deaths == 1);
  }

  TEST_CASE("that never returns is killed soon after its deadline") {
    test::ProcessHouse house;
    const auto instance = house.create(Kind::metric, animal("metric", "loops"));

    const auto report = instance->run(house.call(200ms));

    CHECK(report.status == CallStatus::deadline);
    CHECK(report.reason.find("did not end its collect within 0.3 s and was killed") == 0);
  }

  TEST_CASE("that never returns ends at once when it is abandoned") {
    test::ProcessHouse house;
    const auto instance = house.create(Kind::metric, animal("metric", "sleeps"));
    std::thread impatient([&] { instance->abandon(); });

    const auto report = instance->run(house.call(1h));

    impatient.join();
    CHECK(report.status == CallStatus::cancelled);
  }

  TEST_CASE("that hangs while it is made again is killed at its round's deadline") {
    test::ProcessHouse house;
    const auto instance = house.create(Kind::metric, animal("metric", "loops"),
                                       R"({"where": "create"})", config::Isolation::process, true);
    instance->forgive();

    const auto report = instance->run(house.call(200ms));

    CHECK(report.status == CallStatus::deadline);
    CHECK(report.reason.find("did not end its create within ") == 0);
  }

  TEST_CASE("that dies while it is made is refused") {
    test::ProcessHouse house;
    const auto file = animal("metric", "null_dereference");

    CHECK_THROWS_WITH_AS(house.create(Kind::metric, file, R"({"where": "create"})"),
                         doctest::Contains("ended by signal 11"), PluginError);
  }

#ifndef SHOAL_SANITIZED  // who throws leaks what it took, and that is seen
  TEST_CASE("is what one gets that breaks its side of create() inline, where it may") {
    test::ProcessHouse house;
    const auto make = [&](bool may_crash) {
      return house.create(Kind::metric, animal("metric", "throws"), R"({"where": "create"})",
                          config::Isolation::inline_, may_crash);
    };

    CHECK(make(true)->is_isolated());
    CHECK_THROWS_WITH_AS(make(false), doctest::Contains("threw through the border of create()"),
                         PluginError);
  }
#endif

  TEST_CASE("that dies while it is made is tried again later where that is wanted") {
    test::ProcessHouse house;
    const auto instance = house.create(Kind::metric, animal("metric", "null_dereference"),
                                       R"({"where": "create"})", config::Isolation::process, true);

    CHECK(instance->health().deaths == 1);
    CHECK(instance->run(house.call()).status == CallStatus::failed);
  }

  TEST_CASE("gives no more verdicts than records were offered") {
    test::ProcessHouse house;
    const auto instance = house.create(Kind::output, animal("output", "null_dereference"));
    const std::vector<record::Record> records{record::Sample{.name = "a", .value = 1}};

    const auto report = instance->deliver(house.call(), records);

    CHECK(report.status == CallStatus::failed);
    CHECK(report.verdicts.empty());
  }

  TEST_CASE("is refused dangerous system calls where its section asks for that") {
    const test::ProcessHouse house;
    const auto instance =
        house.registry.create(Kind::metric, PROBER, {.job = "metric:it", .has_call_filter = true});

    const auto report = instance->run(house.call());

    REQUIRE(report.status == CallStatus::ok);
    REQUIRE(report.records.size() == 5);
    for (const auto& record : report.records) {
      const auto& sample = std::get<record::Sample>(record);
      INFO(sample.name);
      CHECK(sample.value == (sample.name == "prober.getpid" ? 0 : 1));
    }
  }

  TEST_CASE("goes before the agent when memory is short") {
    const test::ProcessHouse house;
    const auto instance = house.create(Kind::metric, EXAMPLE_LOAD);

    std::ifstream file("/proc/" + std::to_string(instance->health().pid) + "/oom_score_adj");
    int score = 0;
    file >> score;

    CHECK(score == 500);
  }

  TEST_CASE("of a check makes UNKNOWN of its death") {
    test::ProcessHouse house;
    const auto instance = house.create(Kind::check, animal("check", "null_dereference"));

    const auto report = instance->run(house.call());

    REQUIRE(report.records.size() == 1);
    const auto& result = std::get<record::CheckResult>(report.records[0]);
    CHECK(result.status == record::Status::unknown);
    CHECK(result.text.find("ended by signal 11") == 0);
  }
}
