#include "plugin/suspects.h"

#include <fstream>

#include <doctest/doctest.h>

#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::plugin;

namespace {

Suspect suspect(const std::string& content, const std::string& cause = "signal 11") {
  return {.time = from_unix_nanoseconds(5),
          .file = "/x.so",
          .content = content,
          .job = "metric:x",
          .during = "create",
          .cause = cause};
}

}  // namespace

TEST_SUITE("Suspects") {
  TEST_CASE("knows a content again after a restart, with the newest finding") {
    const test::TemporaryDirectory directory;
    Suspects(directory.file("suspects")).add({suspect("a"), suspect("b")});
    Suspects(directory.file("suspects")).add({suspect("a", "signal 6")});

    const Suspects after(directory.file("suspects"));

    REQUIRE(after.find("a"));
    CHECK(after.find("a")->cause == "signal 6");
    CHECK(after.find("a")->time == from_unix_nanoseconds(5));
    CHECK(after.find("b")->job == "metric:x");
    CHECK_FALSE(after.find("c"));
  }

  TEST_CASE("keeps the newest hundred") {
    const test::TemporaryDirectory directory;
    Suspects suspects(directory.file("suspects"));
    for (int i = 0; i <= 100; ++i) suspects.add({suspect(std::to_string(i))});

    CHECK_FALSE(suspects.find("0"));
    CHECK(suspects.find("1"));
    CHECK(suspects.find("100"));
  }

  TEST_CASE("begins empty where the file is damaged") {
    const test::TemporaryDirectory directory;
    std::ofstream(directory.file("suspects")) << R"([{"file": 3)";

    Suspects suspects(directory.file("suspects"));
    CHECK_FALSE(suspects.find("a"));
    suspects.add({suspect("a")});

    CHECK(Suspects(directory.file("suspects")).find("a"));
  }

  TEST_CASE("knows them until the end even where they cannot be written") {
    Suspects suspects("/nowhere/at/all");
    suspects.add({suspect("a")});

    CHECK(suspects.find("a"));
  }
}
