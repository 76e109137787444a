#include "agent/arguments.h"

#include <doctest/doctest.h>

using shoal::agent::Arguments;
using shoal::agent::parse_arguments;
using shoal::agent::UsageError;

TEST_SUITE("command line") {
  TEST_CASE("runs in the foreground when no command is named") {
    CHECK(parse_arguments({}).command == "run");
    CHECK(parse_arguments({"-conf", "a.conf"}).command == "run");
  }

  TEST_CASE("takes flags in the style of Go and of GNU") {
    const std::vector<std::vector<std::string>> spellings{
        {"-conf", "a.conf"}, {"-conf=a.conf"}, {"--conf", "a.conf"}, {"--conf=a.conf"}};

    for (const auto& words : spellings) {
      CAPTURE(words.front());
      CHECK(parse_arguments(words).value("conf") == "a.conf");
    }
  }

  TEST_CASE("takes switches with and without a value") {
    CHECK(parse_arguments({"-verbose"}).has("verbose"));
    CHECK(parse_arguments({"-v"}).has("v"));
    CHECK_FALSE(parse_arguments({"-verbose=false"}).has("verbose"));
    CHECK_FALSE(parse_arguments({}).has("verbose"));
  }

  TEST_CASE("leaves the words of a command that hands over as they are") {
    const Arguments arguments = parse_arguments({"zabbix-get", "-k", "a[b]", "-p10050", "-h"});

    CHECK(arguments.command == "zabbix-get");
    CHECK(arguments.operands == std::vector<std::string>{"-k", "a[b]", "-p10050", "-h"});
    CHECK_FALSE(arguments.wants_help());
  }

  TEST_CASE("gathers repeated flags") {
    const Arguments arguments = parse_arguments({"-role", "Shop:web", "--role=Shop:db"});

    CHECK(arguments.values("role") == std::vector<std::string>{"Shop:web", "Shop:db"});
  }

  TEST_CASE("knows commands of two words and their operands") {
    const Arguments arguments = parse_arguments({"plugin", "info", "loadavg", "--json"});

    CHECK(arguments.command == "plugin info");
    CHECK(arguments.operands == std::vector<std::string>{"loadavg"});
    CHECK(arguments.has("json"));
  }

  TEST_CASE("says what is wrong and where help is") {
    CHECK_THROWS_WITH_AS(parse_arguments({"frobnicate"}),
                         "unknown command \"frobnicate\"; shoal --help lists them", UsageError);
    CHECK_THROWS_WITH_AS(parse_arguments({"plugin", "frobnicate"}),
                         "shoal plugin: expected list or info or run or test or new or reset; "
                         "shoal --help tells more",
                         UsageError);
    CHECK_THROWS_WITH_AS(parse_arguments({"history"}),
                         "shoal history: expected one NAME, got 0; see shoal history --help",
                         UsageError);
    CHECK_THROWS_WITH_AS(parse_arguments({"plugin", "new", "metric"}),
                         "shoal plugin new: expected KIND NAME, got 1; see shoal plugin new --help",
                         UsageError);
    CHECK_THROWS_WITH_AS(parse_arguments({"status", "now"}),
                         "shoal status: unexpected \"now\"; see shoal status --help", UsageError);
    CHECK_THROWS_WITH_AS(parse_arguments({"status", "--colour"}),
                         "shoal status: Unknown option specified: colour; see shoal status --help",
                         UsageError);
    CHECK_THROWS_AS(parse_arguments({"run", "--conf"}), UsageError);
  }
}
