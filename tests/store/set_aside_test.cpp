#include "store/set_aside.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include <doctest/doctest.h>

#include "support/temporary_directory.h"

using namespace shoal;
namespace fs = std::filesystem;

namespace {

const WallTime noon = from_unix_nanoseconds(1'800'000'000'000'000'000);

std::vector<std::string> names_in(const test::TemporaryDirectory& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory.path())) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_SUITE("set_aside") {
  TEST_CASE("moves a database and its companions together") {
    const test::TemporaryDirectory directory;
    for (const char* name : {"q.db", "q.db-wal", "q.db-shm"}) std::ofstream(directory.file(name));

    const std::string name = store::set_aside(directory.file("q.db"), noon);

    CHECK(name == directory.file("q.db.damaged-20270115T080000Z"));
    CHECK(names_in(directory) == std::vector<std::string>{"q.db.damaged-20270115T080000Z",
                                                          "q.db.damaged-20270115T080000Z-shm",
                                                          "q.db.damaged-20270115T080000Z-wal"});
  }

  TEST_CASE("gives two files of the same second different names") {
    const test::TemporaryDirectory directory;
    for (int i = 0; i < 2; ++i) {
      std::ofstream(directory.file("q.db"));
      store::set_aside(directory.file("q.db"), noon);
    }

    CHECK(names_in(directory) == std::vector<std::string>{"q.db.damaged-20270115T080000Z",
                                                          "q.db.damaged-20270115T080000Z.2"});
  }

  TEST_CASE("keeps the newest three only") {
    const test::TemporaryDirectory directory;
    for (int day = 0; day < 5; ++day) {
      std::ofstream(directory.file("q.db"));
      std::ofstream(directory.file("q.db-wal"));
      store::set_aside(directory.file("q.db"), noon + std::chrono::hours(24 * day));
    }

    const auto names = names_in(directory);

    CHECK(names.size() == 6);
    CHECK(names.front() == "q.db.damaged-20270117T080000Z");
  }

  TEST_CASE("is content when there is nothing to move") {
    const test::TemporaryDirectory directory;

    store::set_aside(directory.file("q.db"), noon);

    CHECK(names_in(directory).empty());
  }
}
