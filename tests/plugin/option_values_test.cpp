#include "plugin/option_values.h"

#include <doctest/doctest.h>

#include "base/error.h"

using shoal::plugin::OptionValues;

TEST_SUITE("OptionValues") {
  const OptionValues values(
      R"({"uri": "http://a/", "n": 7, "x": 1.5, "on": true, "list": ["a", "b"], "a/b": {"~": 1}})");

  TEST_CASE("are read by JSON pointer") {
    CHECK(values.text("/uri") == "http://a/");
    CHECK(values.integer("/n") == 7);
    CHECK(values.number("/x") == 1.5);
    CHECK(values.number("/n") == 7);
    CHECK(values.boolean("/on") == true);
    CHECK(values.count("/list") == 2);
    CHECK(values.text("/list/1") == "b");
    CHECK(values.count("") == 6);
    CHECK(values.integer("/a~1b/~0") == 1);
  }

  TEST_CASE("are absent where there is nothing") {
    for (const char* pointer : {"/nothing", "/list/2", "/list/x", "/list/", "/uri/deeper", "uri"}) {
      CAPTURE(pointer);
      CHECK_FALSE(values.text(pointer));
    }
  }

  TEST_CASE("of another type are an error") {
    CHECK_THROWS_WITH_AS(values.text("/n"),
                         "option /n: expected a string, got a value of type number", shoal::Error);
    CHECK_THROWS_WITH_AS(values.integer("/x"),
                         "option /x: expected an integer, got a value of type number",
                         shoal::Error);
    CHECK_THROWS_WITH_AS(values.count("/on"),
                         "option /on: expected an array or an object, got a value of type boolean",
                         shoal::Error);
  }
}
