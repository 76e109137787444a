#include "run/command_line.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace shoal;
using namespace shoal::run;

using Words = std::vector<std::string>;

TEST_SUITE("command line") {
  TEST_CASE("runs plain words without a shell, unless the shell knows the first of them itself") {
    const CommandLine line = command_line({.shell = " check-http  -u http://host:80/a_b%20?"}, "");
    CHECK(line.words == Words{"sh", "-c", " check-http  -u http://host:80/a_b%20?"});
    CHECK(line.shell_words.empty());

    const CommandLine plain = command_line({.shell = " mackerel-plugin-linux\t-x=a,b "}, "");
    CHECK(plain.words == Words{"mackerel-plugin-linux", "-x=a,b"});
    CHECK(plain.shell_words == Words{"sh", "-c", " mackerel-plugin-linux\t-x=a,b "});
  }

  TEST_CASE("leaves to the shell what only a shell can read") {
    const std::string_view plain[] = {"a", "/opt/x/check.sh -H 10.0.0.1:80 +5 50% a@b --c=d"};
    const std::string_view not_plain[] = {
        "",       " ",       "a | b",      "a; b",  "a && b",      "a > f", "a $HOME", "a `b`",
        "a 'b'",  "a \"b\"", "a *",        "a ?",   "a [b]",       "a ~/b", "a \\b",   "a\nb",
        "A=1 b",  "a {b}",   "a # b",      "a !b",  "(a)",         "a^b",   "a <f",    "a &",
        "echo a", "exit 2",  "test -f /x", "cd /x", "caf\xC3\xA9",
    };

    for (const std::string_view text : plain) {
      CAPTURE(text);
      CHECK(is_plain_words(text));
    }
    for (const std::string_view text : not_plain) {
      CAPTURE(text);
      CHECK_FALSE(is_plain_words(text));
    }
  }

  TEST_CASE("takes an array as it is") {
    CHECK(command_line({.words = {"check", "a b", "*"}}, "").words == Words{"check", "a b", "*"});
  }

  TEST_CASE("of another user is run by sudo in the form mackerel-agent uses") {
    CHECK(command_line({.words = {"check", "-v"}}, "nobody").words ==
          Words{"sudo", "-Eu", "nobody", "check", "-v"});

    const CommandLine line = command_line({.shell = "check -v"}, "nobody");
    CHECK(line.words == Words{"sudo", "-Eu", "nobody", "sh", "-c", "check -v"});
    CHECK(line.shell_words.empty());
  }
}
