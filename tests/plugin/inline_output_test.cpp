#include <doctest/doctest.h>

#include "plugin_house.h"

using namespace shoal;
using namespace shoal::plugin;
using namespace std::chrono_literals;
using record::Record;

namespace {

struct Carrier : test::PluginHouse {
  std::shared_ptr<Instance> instance;

  Carrier() {
    install(Kind::output, CARRIER, "carrier");
    instance = registry.create(Kind::output, "carrier", {.job = "output:ops", .output = "ops"});
  }
  DeliveryReport deliver(const std::vector<Record>& records) {
    return instance->deliver(call(), records);
  }
};

record::Sample sample(const std::string& name) {
  return {.name = name, .value = 1};
}

}  // namespace

TEST_SUITE("an inline output") {
  TEST_CASE("gives a verdict for each record") {
    Carrier given;

    const auto report = given.deliver({sample("good"), sample("bad"), sample("later")});

    CHECK(report.status == CallStatus::ok);
    CHECK(report.verdicts == std::vector{Verdict::delivered, Verdict::rejected, Verdict::retry});
    CHECK(report.next_offer == given.clock.wall() + 1min);
    CHECK_FALSE(report.retry_after);
  }

  TEST_CASE("that fails for now says so, and when to come back") {
    const auto report = Carrier().deliver({sample("busy")});

    CHECK(report.status == CallStatus::retry);
    CHECK(report.reason == "HTTP 503");
    CHECK(report.verdicts.empty());
    CHECK(report.retry_after == 1500ms);
  }

  TEST_CASE("can refuse a batch as a whole") {
    const auto report = Carrier().deliver({sample("refuse")});

    CHECK(report.status == CallStatus::rejected);
    CHECK(report.reason == "one is bad");
    CHECK(report.verdicts.empty());
  }

  TEST_CASE("is offered every kind of record with all that it holds") {
    Carrier given;
    auto labelled = sample("disk");
    labelled.labels = {{"disk", "sda"}, {"op", "read"}};
    record::CheckResult result;
    result.name = "web";
    result.status = record::Status::critical;
    result.text = "down";
    result.samples = {sample("time"), labelled};
    record::Event event;
    event.job = "check:web";
    event.from = record::Status::ok;
    event.to = record::Status::critical;
    event.links = {{"runbook", "http://a/"}};

    const auto report =
        given.deliver({labelled, result, event, record::Metadata{"m", "{\"a\":1}", {}},
                       record::GraphDefinition{.name = "g.*", .metrics = {{"m", "M", true}}}});

    CHECK(report.verdicts == std::vector(5, Verdict::delivered));
    CHECK(given.state.get("output:ops", "offered") ==
          "disk=1.000000 disk:sda op:read\n"
          "web 2 down | time=1.000000 | disk=1.000000 disk:sda op:read\n"
          "check:web 0>2 1\n"
          "{\"a\":1}\n"
          "g.*.m\n");
  }

  TEST_CASE("has no rounds and takes an empty batch") {
    Carrier given;

    CHECK(given.instance->run(given.call()).reason == "an output has no rounds");
    CHECK(given.deliver({}).status == CallStatus::ok);
  }
}
