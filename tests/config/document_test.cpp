#include "config/document.h"

#include <doctest/doctest.h>

#include "config/findings.h"

using namespace shoal::test;
using shoal::config::line_with_overlong_key;

namespace {

std::string dotted(int parts) {
  std::string key = "a";
  while (--parts > 0) key += ".a";
  return key;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

}  // namespace

TEST_SUITE("document") {
  TEST_CASE("refuses a key of more parts than anyone means") {
    CHECK(errors_in("\n" + dotted(17) + " = 1") == "t.conf:2: a key has more than 16 parts\n");
    CHECK(errors_in("[" + dotted(100'000) + "]") == "t.conf:1: a key has more than 16 parts\n");
    CHECK(line_with_overlong_key("x = { " + dotted(17) + " = 1 }") == 1);
    CHECK(line_with_overlong_key("[" + dotted(16) + "]\n" + dotted(16) + " = 1.5") == 0);
  }

  TEST_CASE("counts no dots in strings and comments") {
    const std::string dots = repeated(".1.3.6", 20);
    for (const std::string quote : {"'", "\"", "'''", "\"\"\""}) {
      const std::string text = "a = " + quote + dots + quote + "\n" + dotted(17);
      CAPTURE(text);
      CHECK(line_with_overlong_key(text) == 2);
    }
    CHECK(line_with_overlong_key("# " + dots) == 0);
    CHECK(line_with_overlong_key("a = \"\\\"" + dots + "\"") == 0);
    CHECK(line_with_overlong_key("a = '''\n\n" + dots + "'''\n" + dotted(17)) == 4);
    CHECK(line_with_overlong_key("a = [1.5, " + repeated("1.5, ", 40) + "]") == 0);
  }

  TEST_CASE("survives nesting to any depth") {
    const auto is_refused = [](const std::string& text) {
      return errors_in(text).starts_with("t.conf:1: not valid TOML: ");
    };

    CHECK(is_refused("a = " + repeated("[", 100'000)));
    CHECK(is_refused("a = " + repeated("{" + dotted(16) + " = ", 10'000)));
    CHECK(errors_in("a = " + repeated("{" + dotted(16) + " = ", 200) + "1" + repeated("}", 200)) ==
          "");
  }

  TEST_CASE("names the line of a syntax error") {
    for (const std::string line : {"a", "a =", "= 1", "[a", "a = \"x", "a = 5m", "a = 1 b = 2",
                                   "[[a]", "a = 'x\n'", "a = \x01", "a = 1\na = 2"}) {
      const auto errors = errors_in("\n" + line + "\n");
      CAPTURE(errors);
      const bool is_second_line = line.find("\na = 2") == std::string::npos;
      CHECK(errors.starts_with(is_second_line ? "t.conf:2: not valid TOML: "
                                              : "t.conf:3: not valid TOML: "));
    }
  }
}
