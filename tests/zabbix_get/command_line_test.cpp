#include "zabbix_get/command_line.h"

#include <doctest/doctest.h>

using namespace shoal::zabbix_get;
using Words = std::vector<std::string>;

namespace {

std::string refusal_of(const Words& words) {
  try {
    parse_command_line(words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "taken";
}

}  // namespace

TEST_SUITE("zabbix-get command line") {
  TEST_CASE("has defaults for all but the key") {
    const auto line = parse_command_line({"-k", "agent.ping"});

    CHECK(line.keys == Words{"agent.ping"});
    CHECK(line.host == "127.0.0.1");
    CHECK(line.port == 10050);
    CHECK(line.timeout == std::chrono::seconds(30));
    CHECK(line.format == Format::value);
  }

  TEST_CASE("takes flags in the styles of getopt and of GNU") {
    const auto line = parse_command_line({"-ka", "--key=b[c=d]", "-s", "db", "-p10051", "--timeout",
                                          "3", "-f", "sensu", "--protocol=auto"});

    CHECK(line.keys == Words{"a", "b[c=d]"});
    CHECK(line.host == "db");
    CHECK(line.port == 10051);
    CHECK(line.timeout == std::chrono::seconds(3));
    CHECK(line.format == Format::sensu);
    CHECK(line.protocol == shoal::zabbix::Protocol::automatic);
    CHECK(parse_command_line({"-k", "a", "-o", "b"}).name == "b");
    CHECK(parse_command_line({"-h"}).wants_help);
    CHECK(parse_command_line({"--help", "--frob"}).wants_help);
  }

  TEST_CASE("is refused with what was expected") {
    CHECK(refusal_of({}) == "expected -k KEY");
    CHECK(refusal_of({"-k"}) == "-k: expected a value");
    CHECK(refusal_of({"-k", "a["}) ==
          "-k a[: expected \",\" or \"]\" at character 3, found the end");
    CHECK(refusal_of({"agent.ping"}) == "unexpected \"agent.ping\"");
    CHECK(refusal_of({"--frob=1"}) == "unexpected \"--frob=1\"");
    CHECK(refusal_of({"-p", "0"}) == "-p: expected a number from 1 to 65535, got \"0\"");
    CHECK(refusal_of({"-t", "3s"}) == "-t: expected a number from 1 to 600, got \"3s\"");
    CHECK(refusal_of({"-f", "xml"}) == "-f: expected value, sensu or json, got \"xml\"");
    CHECK(refusal_of({"-P", "x"}) == "-P: expected plain, json or auto, got \"x\"");
    CHECK(refusal_of({"-ka", "-kb", "-o", "c"}) == "-o: expected one -k, got 2");
  }
}
