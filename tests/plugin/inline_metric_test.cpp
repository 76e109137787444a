#include <thread>

#include <doctest/doctest.h>

#include "plugin_house.h"

using namespace shoal;
using namespace shoal::plugin;
using record::Sample;

namespace {

struct Talker : test::PluginHouse {
  std::shared_ptr<Instance> instance;

  explicit Talker(const std::string& say, InstanceSettings settings = {}) {
    install(Kind::metric, TALKER, "talker");
    settings.job = "metric:talker";
    if (settings.options_json == "{}") settings.options_json = R"({"say": ")" + say + "\"}";
    instance = registry.create(Kind::metric, "talker", settings);
  }
  RoundReport next() { return round(*instance); }
};

const Sample& sample(const RoundReport& report, std::size_t index) {
  REQUIRE(index < report.records.size());
  return std::get<Sample>(report.records[index]);
}

}  // namespace

TEST_SUITE("an inline metric") {
  TEST_CASE("emits samples stamped with its round's scheduled time") {
    Talker given("gauge");
    const auto scheduled = given.clock.wall();

    const auto report = given.next();

    CHECK(report.status == CallStatus::ok);
    CHECK(report.reason.empty());
    REQUIRE(report.records.size() == 1);
    CHECK(sample(report, 0) ==
          Sample{"talker.gauge", {}, "bytes", 42, scheduled, record::Origin::custom, ""});
  }

  TEST_CASE("has its counters made into rates from the second round on") {
    Talker given("all");
    const auto first = given.clock.wall();

    CHECK(given.next().records.size() == 2);
    const auto report = given.next();

    REQUIRE(report.records.size() == 3);
    CHECK(sample(report, 0).value == 2);
    CHECK(sample(report, 1).name == "talker.counter");
    CHECK(sample(report, 1).value == 10);
    CHECK(sample(report, 1).time == first);
    CHECK(sample(report, 2).time == first);
  }

  TEST_CASE("carries its section's prefix and custom identifier") {
    Talker given("gauge", {.metric_prefix = "db1", .custom_identifier = "db1.example"});

    const auto report = given.next();

    CHECK(sample(report, 0).name == "db1.talker.gauge");
    CHECK(sample(report, 0).custom_identifier == "db1.example");
  }

  TEST_CASE("speaks for the host only as the agent's own host metric") {
    Talker own("gauge", {.is_host_metric = true});
    Talker plain("gauge");
    test::PluginHouse elsewhere;
    const auto path = elsewhere.install(Kind::metric, TALKER, "talker");
    elsewhere.install(Kind::metric, TALKER, "other", "more");
    const InstanceSettings settings{.job = "metric:talker", .is_host_metric = true};
    const auto by_path = elsewhere.registry.create(Kind::metric, path, settings);
    const auto second_dir = elsewhere.registry.create(Kind::metric, "other", settings);

    CHECK(sample(own.next(), 0).origin == record::Origin::host);
    CHECK(sample(plain.next(), 0).origin == record::Origin::custom);
    CHECK(sample(elsewhere.round(*by_path), 0).origin == record::Origin::custom);
    CHECK(sample(elsewhere.round(*second_dir), 0).origin == record::Origin::custom);
  }

  TEST_CASE("loses only the points that make no sense, and they are counted") {
    Talker given("nonsense");

    const auto report = given.next();

    CHECK(report.records.size() == 1);
    CHECK(report.dropped == 3);
    CHECK(report.status == CallStatus::failed);
  }

  TEST_CASE("keeps what it said before it failed") {
    Talker given("half");

    const auto report = given.next();

    CHECK(report.status == CallStatus::unsupported);
    CHECK(report.reason == "the second half is missing");
    CHECK(report.records.size() == 1);
  }

  TEST_CASE("fails in words whatever it throws") {
    CHECK(Talker("throw").next().reason == "unknown exception");
    CHECK(Talker("bad name").next().reason == "cannot declare series no spaces here");
  }

  TEST_CASE("cannot send control characters to a terminal") {
    CHECK(Talker("escape").next().reason == "red  [31m alert");
  }

  TEST_CASE("reads its options, with defaults and quantities") {
    Talker given("", {.options_json = R"({"say": "options", "wait": "3s", "words": ["a", "b"]})"});

    const auto report = given.next();

    CHECK(sample(report, 0).value == 3000);
    CHECK(sample(report, 1).value == 2);
    CHECK(sample(report, 2).value == 0);
    CHECK(report.status == CallStatus::config);
    CHECK(report.reason == "option is not an integer");
  }

  TEST_CASE("keeps state across restarts") {
    Talker given("state");
    given.next();

    CHECK(sample(given.next(), 0).value == 2);
    given.instance = given.registry.create(
        Kind::metric, "talker", {.job = "metric:talker", .options_json = R"({"say": "state"})"});
    CHECK(sample(given.next(), 0).value == 3);
  }

  TEST_CASE("sees the host's clock, and no service that the host has not") {
    Talker given("clock");

    const auto report = given.next();

    CHECK(sample(report, 0).value == 1.8e18);
    CHECK(sample(report, 1).value == 1);
  }

  TEST_CASE("is cut off at 100,000 points a round") {
    Talker given("flood");

    const auto report = given.next();

    CHECK(report.records.size() == 100'000);
    CHECK(report.dropped == 10);
  }

  TEST_CASE("may refuse its options when it is made") {
    CHECK(test::plugin_fault([] {
            Talker("refuse");
          }).ends_with("/plugins/metric/talker.so: say: expected something else"));
  }

  TEST_CASE("can put its start off and may fail to say farewell") {
    Talker hesitant("not yet");
    Talker rude("no farewell");

    CHECK(hesitant.instance->start(hesitant.call(1)).status == CallStatus::retry);
    CHECK(hesitant.instance->start(hesitant.call(2)).status == CallStatus::ok);
    CHECK(rude.instance->stop(rude.call()).reason == "cannot say farewell");
  }

  TEST_CASE("ends early when it is cancelled, and runs again afterwards") {
    Talker given("until cancelled");
    for (int i = 0; i < 2; ++i) {
      RoundReport report;
      std::thread worker([&] { report = given.instance->run(given.call()); });
      // A cancel() before the call begins is for nobody, so it is repeated until one is heard.
      std::atomic<bool> has_ended = false;
      std::thread canceller([&] {
        while (!has_ended) given.instance->cancel();
      });
      worker.join();
      has_ended = true;
      canceller.join();

      CHECK(report.status == CallStatus::cancelled);
      CHECK(report.reason == "gave up");
    }
  }

  TEST_CASE("that was abandoned meets a tombstone") {
    Talker given("until cancelled");
    RoundReport report;
    std::thread worker([&] { report = given.instance->run(given.call()); });

    given.instance->abandon();
    worker.join();

    CHECK(report.status == CallStatus::cancelled);
    CHECK(report.records.empty());
    CHECK(given.instance->run(given.call()).reason == "abandoned");
  }

  TEST_CASE("may emit from its own threads, and what comes after the round is not kept") {
    Talker given("chatter");

    for (int i = 0; i < 20; ++i) {
      const auto report = given.next();
      CHECK(report.status == CallStatus::ok);
      CHECK(report.records.size() >= 1);
    }
  }

  TEST_CASE("has no use for records") {
    Talker given("gauge");

    CHECK(given.instance->deliver(given.call(), {}).reason == "not an output");
  }

  TEST_CASE("written in C and built by the SDK alone works the same") {
    test::PluginHouse house;
    house.install(Kind::metric, EXAMPLE_LOAD, "example_load");

    const auto report = house.round(
        *house.registry.create(Kind::metric, "example_load", {.job = "metric:example_load"}));

    REQUIRE(report.records.size() == 1);
    CHECK(sample(report, 0).name == "example_load.minute");
    CHECK(sample(report, 0).value >= 0);
  }
}
