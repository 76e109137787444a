#include "run/check_samples.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace shoal;
using namespace shoal::run;
using namespace std::chrono_literals;

namespace {

constexpr WallTime noon = from_unix_nanoseconds(1'800'000'000'000'000'000);
constexpr SteadyTime start{1h};

using Texts = std::vector<std::string>;

// Rounds of one check, each some time after the first.
class Check {
 public:
  explicit Check(MetricRules rules = {}) : rules_(std::move(rules)) {}

  Texts say(std::string_view performance_data, std::chrono::seconds after = 0s) {
    parsed = samples_.take(parse_nagios_perfdata(fmt::format("OK | {}", performance_data)), rules_,
                           noon + after, start + after);
    Texts all;
    for (const record::Record& one : parsed.records) {
      const auto& sample = std::get<record::Sample>(one);
      all.push_back(fmt::format("{}={} at {}", sample.name, sample.value,
                                unix_seconds(sample.time) - unix_seconds(noon)));
    }
    return all;
  }

  ParsedOutput parsed;

 private:
  MetricRules rules_;
  CheckSamples samples_{"check.web_server", 60s};
};

}  // namespace

TEST_SUITE("CheckSamples") {
  TEST_CASE("are called by their check and their label") {
    Check check;

    CHECK(check.say("time=0.5s 'C:\\ used'=5% /var/log=1B a.b=2") ==
          Texts{"check.web_server.time=0.5 at 0", "check.web_server.C___used=5 at 0",
                "check.web_server._var_log=1 at 0", "check.web_server.a_b=2 at 0"});
    CHECK(std::get<record::Sample>(check.parsed.records[0]).unit == "seconds");
    CHECK(std::get<record::Sample>(check.parsed.records[1]).unit == "percentage");
  }

  TEST_CASE("follow the section's prefix, patterns and custom identifier") {
    Check check({.include = Pattern("^/"),
                 .exclude = Pattern("^/run"),
                 .metric_prefix = "front",
                 .custom_identifier = "other"});

    CHECK(check.say("/=1 /run/user=2 total=3") == Texts{"front.check.web_server._=1 at 0"});
    CHECK(std::get<record::Sample>(check.parsed.records[0]).custom_identifier == "other");
    CHECK(check.parsed.dropped == 0);
  }

  TEST_CASE("say each name once a round") {
    Check check;

    CHECK(check.say("a.b=1 a:b=2") == Texts{"check.web_server.a_b=1 at 0"});
    CHECK(check.parsed.faults ==
          Texts{"performance data: check.web_server.a_b again, the value before is kept"});
    CHECK(check.parsed.dropped == 1);
  }

  TEST_CASE("cannot have a name that is too long") {
    Check check;

    CHECK(check.say(std::string(200, 'x') + "=1 y=2") == Texts{"check.web_server.y=2 at 0"});
    CHECK(check.parsed.dropped == 1);
  }

  TEST_CASE("make a rate of a counter, from its second round on") {
    Check check;

    CHECK(check.say("queries=100c", 0s) == Texts{});
    CHECK(check.say("queries=700c", 60s) == Texts{"check.web_server.queries=10 at 0"});
    CHECK(check.say("queries=730c", 90s) == Texts{"check.web_server.queries=1 at 60"});
    CHECK(check.parsed.dropped == 0);
  }

  TEST_CASE("make no rate over a reset, a gap or a round without the counter") {
    Check check;
    check.say("queries=100c", 0s);

    CHECK(check.say("queries=50c", 60s) == Texts{});
    CHECK(check.say("queries=60c", 241s) == Texts{});
    CHECK(check.say("other=1", 300s) == Texts{"check.web_server.other=1 at 300"});
    CHECK(check.say("queries=70c", 360s) == Texts{});
    CHECK(check.say("queries=130c", 420s) == Texts{"check.web_server.queries=1 at 360"});
  }
}
