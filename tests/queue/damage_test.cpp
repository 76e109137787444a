// The queue on files that were cut, changed or replaced: it starts all the same, gives nothing but
// what was put in, and what is missing is counted.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "base/log.h"
#include "queue/crc32.h"
#include "queue/queue.h"
#include "queue/samples.h"
#include "store/database.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::queue;
using shoal::test::append;
using shoal::test::settle_all;
using shoal::test::Values;
using shoal::test::values_of;
namespace fs = std::filesystem;

namespace {

constexpr int records = 300;
constexpr int delivered = 20;

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}
void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A file with 280 of 300 records pending, as a kill leaves it: what is new is still in the -wal.
struct Remains {
  test::TemporaryDirectory directory{test::memory_backed()};
  test::FakeClock clock;
  std::string path = directory.file("queue.db");
  std::string database;
  std::string wal;

  Remains() {
    // Many damaged files are announced.
    log::set_level(log::Level::error);
    const std::string first = directory.file("first.db");
    {
      Queue queue(first, clock);
      const OutputBit output = queue.output("mackerel");
      for (int i = 0; i < records; ++i) append(queue, mask_of(output), {double(i)});
      settle_all(queue, output, queue.take(output, {.max_records = delivered}));
      wal = content(first + "-wal");
    }
    database = content(first);
  }
  ~Remains() { log::set_level(log::Level::info); }

  void lay(const std::string& database_bytes, const std::string& wal_bytes) const {
    for (const auto& entry : fs::directory_iterator(directory.path())) fs::remove(entry.path());
    write(path, database_bytes);
    if (!wal_bytes.empty()) write(path + "-wal", wal_bytes);
  }

  // Opens what is laid, takes all there is, and uses the queue as ever. Returns what was there.
  Accounts survive() const {
    Queue queue(path, clock);
    const OutputBit output = queue.output("mackerel");
    const auto items = queue.take(output, {.max_records = 10 * records});
    REQUIRE(std::is_sorted(items.begin(), items.end(),
                           [](const Item& a, const Item& b) { return a.id < b.id; }));
    for (const Item& item : items) {
      REQUIRE(std::get<record::Sample>(item.record).name == "loadavg5");
      REQUIRE(test::value_of(item) < records);
    }
    const Accounts accounts = queue.accounts(output);
    REQUIRE(accounts.is_balanced());
    REQUIRE(accounts.pending == items.size());

    append(queue, mask_of(output), {1000});
    const auto after = queue.take(output, {.max_records = 10 * records});
    REQUIRE(after.size() == items.size() + 1);
    REQUIRE(test::value_of(after.back()) == 1000);
    settle_all(queue, output, after);
    REQUIRE(queue.pending(output) == 0);
    REQUIRE(queue.accounts(output).is_balanced());
    REQUIRE(queue.health().trouble.empty());
    return accounts;
  }
};

}  // namespace

TEST_SUITE("crc32") {
  TEST_CASE("is the checksum of zip, in one piece or in several") {
    CHECK(crc32("123456789") == 0xCBF43926);
    CHECK(crc32("6789", crc32("12345")) == 0xCBF43926);
  }
}

TEST_SUITE("Queue on a damaged file") {
  TEST_CASE("has everything when nothing is damaged") {
    const Remains remains;
    remains.lay(remains.database, {});

    const Accounts accounts = remains.survive();

    CHECK(accounts.delivered == delivered);
    CHECK(accounts.pending == records - delivered);
  }

  TEST_CASE("starts with a file cut anywhere") {
    const Remains remains;
    for (std::size_t size = 0; size < remains.database.size(); size += 509) {
      CAPTURE(size);
      remains.lay(remains.database.substr(0, size), {});
      remains.survive();
    }
  }

  TEST_CASE("starts with a -wal cut anywhere") {
    const Remains remains;
    for (std::size_t size = 0; size < remains.wal.size(); size += remains.wal.size() / 97) {
      CAPTURE(size);
      remains.lay({}, remains.wal.substr(0, size));
      remains.survive();
    }
  }

  TEST_CASE("starts without the -wal it had") {
    const Remains remains;
    remains.lay({}, {});

    CHECK(remains.survive().accepted == 0);
  }

  TEST_CASE("starts with any byte flipped, and never gives a record that was not put in") {
    const Remains remains;
    std::mt19937 random(1);
    for (int i = 0; i < 400; ++i) {
      std::string bytes = remains.database;
      const std::size_t place = i < 120 ? static_cast<std::size_t>(i) : random() % bytes.size();
      bytes[place] = static_cast<char>(bytes[place] ^ (1 << random() % 8));
      CAPTURE(place);
      remains.lay(bytes, {});
      remains.survive();
    }
  }

  TEST_CASE("starts with a page of zeros") {
    const Remains remains;
    for (std::size_t place = 0; place < remains.database.size(); place += 4096) {
      CAPTURE(place);
      std::string bytes = remains.database;
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(place), 4096, '\0');
      remains.lay(bytes, {});
      remains.survive();
    }
  }

  TEST_CASE("counts a record whose bytes changed as lost and delivers the others") {
    const Remains remains;
    std::string bytes = remains.database;
    bytes[bytes.rfind("loadavg5")] = 'L';
    remains.lay(bytes, {});

    const Accounts accounts = remains.survive();

    CHECK(accounts.lost == 1);
    CHECK(accounts.delivered == delivered);
    CHECK(accounts.pending == records - delivered - 1);
  }

  TEST_CASE("sets garbage aside") {
    const Remains remains;
    remains.lay(std::string(50'000, 'x'), {});

    Queue queue(remains.path, remains.clock);

    CHECK(queue.health().files_set_aside == 1);
    CHECK(queue.health().last_set_aside == remains.path + ".damaged-20270115T080000Z");
    CHECK(content(queue.health().last_set_aside) == std::string(50'000, 'x'));
  }

  TEST_CASE("sets a file of a newer version aside") {
    const Remains remains;
    remains.lay({}, {});
    store::Database(remains.path, {}).execute("PRAGMA user_version = 2");

    const Queue queue(remains.path, remains.clock);

    CHECK(queue.health().files_set_aside == 1);
  }

  TEST_CASE("counts what was pending as lost when the accounts can still be read") {
    const Remains remains;
    std::string bytes = remains.database;
    std::fill_n(bytes.end() - 4096, 4096, '\0');
    remains.lay(bytes, {});

    const Accounts accounts = remains.survive();

    CHECK(accounts.accepted == records);
    CHECK(accounts.lost == records - delivered);
  }

  TEST_CASE("sets a record in an unknown format aside as a dead letter") {
    const Remains remains;
    remains.lay(remains.database, {});
    const Id id = 150;
    {
      store::Database database(remains.path, {});
      std::string body = "\xff from the future";
      std::string head(16, '\0');
      head[0] = static_cast<char>(id);
      const auto accepted = database.integer("SELECT accepted_ms FROM records WHERE id = 150");
      for (unsigned i = 0; i < 8; ++i) head[8 + i] = static_cast<char>(accepted >> (8 * i));
      database.prepare("UPDATE records SET body = ?2, crc = ?3 WHERE id = ?1")
          .run(id, store::Blob{body}, crc32(body, crc32(head)));
    }

    Queue queue(remains.path, remains.clock);
    const OutputBit output = queue.output("mackerel");
    queue.take(output, {.max_records = records});

    CHECK(queue.accounts(output).rejected == 1);
    const auto letters = queue.dead_letters();
    REQUIRE(letters.size() == 1);
    CHECK(letters[0].reason == "stored in a format that this version does not know");
    CHECK_FALSE(letters[0].record);
  }
}
