#include "plugin/linkage.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "support/temporary_directory.h"

using shoal::plugin::linkage_fault;

namespace {

// A copy of the example in which one name of its dynamic section reads otherwise.
struct Patched {
  shoal::test::TemporaryDirectory directory;
  std::string file = directory.file("example_load.so");

  Patched(std::string_view from, std::string_view to) {
    std::ifstream stream(EXAMPLE_LOAD, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(stream)), {});
    const auto at = bytes.find(from);
    REQUIRE(at != std::string::npos);
    directory.write("example_load.so", bytes.replace(at, to.size(), to));
  }
};

}  // namespace

TEST_SUITE("linkage") {
  TEST_CASE("of a good plugin has no fault") {
    CHECK(linkage_fault(EXAMPLE_LOAD).empty());
    CHECK(linkage_fault(EXAMPLE_AGE).empty());
  }

  TEST_CASE("names a library that is not installed") {
    const Patched given("libc.so.6", "libz9.so.");

    CHECK(linkage_fault(given.file) == "needs libz9.so., which is not installed");
  }

  TEST_CASE("names a symbol that nothing provides") {
    const Patched given("getloadavg", "getload9vg");

    CHECK(linkage_fault(given.file) == "uses the symbol getload9vg, which nothing provides");
  }

  TEST_CASE("of a file that is no shared object is the linker's own words") {
    const shoal::test::TemporaryDirectory directory;
    directory.write("text.so", std::string(5000, 'x'));

    CHECK(linkage_fault(directory.file("text.so")) ==
          "is refused by the dynamic linker: invalid ELF header");
  }
}
