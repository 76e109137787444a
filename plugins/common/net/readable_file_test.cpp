#include "common/net/readable_file.h"

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

#include "support/temporary_directory.h"

using shoal::common::readable_file;

namespace {

std::string refusal_of(const std::string& file) {
  try {
    readable_file("ca_file", file);
  } catch (const shoal::Failure& failure) {
    CHECK(failure.status() == SHOAL_CONFIG);
    return failure.what();
  }
  return "";
}

}  // namespace

TEST_SUITE("readable_file") {
  TEST_CASE("takes a file, also an empty one") {
    const shoal::test::TemporaryDirectory directory;
    directory.write("full", "x");
    directory.write("empty", "");

    CHECK(readable_file("ca_file", directory.file("full")) == directory.file("full"));
    CHECK(refusal_of(directory.file("empty")).empty());
  }

  TEST_CASE("refuses what is not there and what is a folder, by the name of the option") {
    CHECK(refusal_of("/nonexistent/ca.pem") ==
          "option ca_file: cannot use \"/nonexistent/ca.pem\": No such file or directory");
    CHECK(refusal_of("/") == "option ca_file: cannot use \"/\": Is a directory");
  }
}
