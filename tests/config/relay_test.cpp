// [relay]
#include <doctest/doctest.h>

#include "config/findings.h"

using namespace shoal;
using namespace shoal::test;
using config::RelayTag;

namespace {

config::RelaySettings relay(const std::string& text) {
  const auto result = config::read_text(text, "t.conf");
  CHECK(joined(error_lines(result)) == "");
  REQUIRE(result.settings.relay);
  return *result.settings.relay;
}

}  // namespace

TEST_SUITE("the relay's section") {
  TEST_CASE("is absent unless it is there") {
    CHECK_FALSE(config::read_text("", "t.conf").settings.relay);
    CHECK_FALSE(config::read_text("[relay]\nenabled = false", "t.conf").settings.relay);
  }

  TEST_CASE("has slackboard's defaults") {
    const auto found = relay("[relay]\n[relay.tags.ops]");

    CHECK(to_text(found.listen) == "127.0.0.1:29800");
    CHECK(found.rate == 0);
    REQUIRE(found.tags.size() == 1);
    CHECK(found.tags[0] == RelayTag{"ops", {"#random"}, "slackboard", ":clipboard:", "full"});
  }

  TEST_CASE("says where it listens, how much it takes, and what tags mean") {
    const auto found = relay(R"(
      [relay]
      listen = "unix:/run/shoal/relay.sock"
      rate = 5

      [relay.tags.ops]
      channel = "#ops"
      username = "shoal"
      icon_emoji = ":fish:"
      parse = "none"

      [relay.tags.all]
      channel = ["#ops", "#dev"]
    )");

    CHECK(to_text(found.listen) == "/run/shoal/relay.sock");
    CHECK(found.rate == 5);
    REQUIRE(found.tags.size() == 2);
    CHECK(found.tags[0].channels == std::vector<std::string>{"#ops", "#dev"});
    CHECK(found.tags[1] == RelayTag{"ops", {"#ops"}, "shoal", ":fish:", "none"});
  }

  TEST_CASE("comes with advice where nobody would hear it") {
    const auto result = config::read_text("[relay]\n", "t.conf");

    REQUIRE(result.settings.warnings.size() == 1);
    CHECK(result.settings.warnings[0].is_advice);
    CHECK(config::to_line(result.settings.warnings[0]) ==
          "t.conf:1: relay: there is no output; what is said to it will be refused");
  }

  TEST_CASE("is refused with the line of what is wrong") {
    CHECK(errors_in("[relay]\nlisten = '29800'\nrate = -1\nport = 1\n") ==
          "t.conf:2: relay.listen: expected an address like \"127.0.0.1:29800\" or "
          "\"unix:/run/shoal/relay.sock\", got \"29800\"\n"
          "t.conf:3: relay.rate: expected 0 to 100000 messages a second, got -1\n"
          "t.conf:4: relay.port: unknown key\n");
    CHECK(errors_in("[relay.tags.ops]\nchannel = []\nicon = ':x:'\n") ==
          "t.conf:2: relay.tags.ops.channel: expected at least one, got none\n"
          "t.conf:3: relay.tags.ops.icon: unknown key\n");
    CHECK(errors_in("[relay.tags]\nops = '#ops'\n") ==
          "t.conf:2: relay.tags.ops: expected a table, got a string\n");
  }
}
