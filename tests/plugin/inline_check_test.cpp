#include <doctest/doctest.h>

#include "plugin_house.h"

using namespace shoal;
using namespace shoal::plugin;
using record::CheckResult;
using record::Status;

namespace {

struct Judge : test::PluginHouse {
  std::shared_ptr<Instance> instance;

  explicit Judge(const std::string& options) {
    install(Kind::check, JUDGE, "judge");
    instance = registry.create(
        Kind::check, "judge",
        {.job = "check:web", .options_json = options, .custom_identifier = "other"});
  }
};

CheckResult only_result(const RoundReport& report) {
  REQUIRE(report.records.size() == 1);
  return std::get<CheckResult>(report.records[0]);
}

}  // namespace

TEST_SUITE("an inline check") {
  TEST_CASE("gives a verdict with its text and performance data") {
    Judge given(R"({"status": 1, "text": "slow\ntoday"})");
    const auto scheduled = given.clock.wall();

    const auto report = given.round(*given.instance);
    const auto result = only_result(report);

    CHECK(report.status == CallStatus::ok);
    CHECK(result.name == "web");
    CHECK(result.status == Status::warning);
    CHECK(result.text == "slow\ntoday");
    CHECK(result.time == scheduled);
    CHECK(result.custom_identifier == "other");
    REQUIRE(result.samples.size() == 1);
    CHECK(result.samples[0].name == "judge.load");
    CHECK(result.samples[0].value == 1.5);
  }

  TEST_CASE("that fails is UNKNOWN with the reason") {
    Judge given(R"({"fault": "no answer"})");

    const auto report = given.round(*given.instance);

    CHECK(report.status == CallStatus::retry);
    CHECK(only_result(report).status == Status::unknown);
    CHECK(only_result(report).text == "no answer");
    CHECK(only_result(report).samples.empty());
  }

  TEST_CASE("with a status that does not exist is UNKNOWN") {
    Judge given(R"({"status": 7})");

    CHECK(only_result(given.round(*given.instance)).status == Status::unknown);
  }

  TEST_CASE("of the SDK's example judges a file's age") {
    test::PluginHouse house;
    house.install(Kind::check, EXAMPLE_AGE, "example_age");
    house.directory.write("backup", "");
    const auto check = house.registry.create(
        Kind::check, "example_age",
        {.job = "check:backup",
         .options_json = R"({"path": ")" + house.directory.file("backup") + "\"}"});

    const auto missing = house.registry.create(
        Kind::check, "example_age",
        {.job = "check:backup", .options_json = R"({"path": "/nonexistent"})"});

    CHECK(only_result(house.round(*check)).text.starts_with(house.directory.file("backup")));
    CHECK(only_result(house.round(*missing)).status == Status::critical);
    CHECK(only_result(house.round(*missing)).text == "/nonexistent: No such file or directory");
  }
}
