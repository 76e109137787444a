#include "conformance/rules.h"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "conformance/report.h"
#include "conformance/tests.h"

using namespace shoal::conformance;

namespace {

std::string page() {
  std::ifstream file(PLUGIN_TEST_PAGE);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool has_line(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_SUITE("rules") {
  TEST_CASE("have an id of their own and stand in a header of the SDK") {
    std::set<std::string_view> ids;
    for (const RuleText& rule : all_rules()) {
      CAPTURE(rule.id);
      CHECK(ids.insert(rule.id).second);
      CHECK(std::regex_match(std::string(rule.id), std::regex("[a-z]+/[a-z0-9-]+")));
      CHECK(std::regex_match(
          std::string(rule.where),
          std::regex("((types|plugin|manifest|services|records)\\.h|wire-protocol\\.md), .+")));
      CHECK(text_of(rule.rule).id == rule.id);
    }
  }

  TEST_CASE("are all in the manual, in the order of the table") {
    const auto text = page();
    for (const RuleText& rule : all_rules()) {
      CHECK_MESSAGE(has_line(text, fmt::format("| `{}`{} | {} | {} |", rule.id,
                                               rule.weight == Weight::advice ? " (advice)" : "",
                                               rule.text, rule.where)),
                    "docs/plugin-test.md lacks ", rule.id);
    }
  }

  TEST_CASE("are the only ones in the manual") {
    const auto text = page();
    const std::regex row("\n\\| `([a-z]+/[a-z0-9-]+)`");
    std::set<std::string> known;
    for (const RuleText& rule : all_rules()) known.emplace(rule.id);
    for (const Test& test : all_tests()) known.insert(test.id());
    for (const Test& test : wire_tests()) known.insert(test.id());
    known.insert("file/preflight");
    for (std::sregex_iterator at(text.begin(), text.end(), row); at != std::sregex_iterator();
         ++at) {
      CHECK_MESSAGE(known.count((*at)[1]) == 1, "docs/plugin-test.md has ", (*at)[1].str());
    }
  }
}

TEST_SUITE("tests of a plugin") {
  TEST_CASE("have an id of their own and stand in the manual") {
    const auto text = page();
    for (const auto tests : {all_tests(), wire_tests()}) {
      std::set<std::string> ids;
      for (const Test& test : tests) {
        CAPTURE(test.id());
        CHECK(ids.insert(test.id()).second);
        const auto row = fmt::format("| `{}` | {} |", test.id(), test.sentence);
        CHECK_MESSAGE(has_line(text, row), "docs/plugin-test.md lacks: ", row);
      }
    }
  }
}
