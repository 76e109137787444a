#include "store/database.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::store;

namespace {

template <class Act>
std::optional<StoreError> fault_from(Act act) {
  try {
    act();
  } catch (const StoreError& error) {
    return error;
  }
  return std::nullopt;
}

struct Notes {
  test::TemporaryDirectory directory;
  std::string path = directory.file("notes.db");
  Database database{path, {}};

  Notes() { database.execute("CREATE TABLE notes(id INTEGER PRIMARY KEY, text, body, number)"); }
  std::int64_t count() { return database.integer("SELECT count(*) FROM notes"); }
};

}  // namespace

TEST_SUITE("Database") {
  TEST_CASE("gives back each kind of value as it was stored") {
    Notes notes;
    const std::string text = "gr\xc3\xbc\xc3\x9f";
    const std::string bytes("\0\1\2", 3);

    notes.database.prepare("INSERT INTO notes VALUES(?1, ?2, ?3, ?4)")
        .run(std::int64_t{-5}, std::string_view(text), Blob{bytes}, 2.5);

    Statement query = notes.database.prepare("SELECT * FROM notes");
    Rows rows = query.rows();
    REQUIRE(rows.next());
    CHECK(rows.integer(0) == -5);
    CHECK(rows.text(1) == text);
    CHECK(rows.bytes(2) == bytes);
    CHECK(rows.real(3) == 2.5);
    CHECK_FALSE(rows.next());
  }

  TEST_CASE("keeps what a transaction committed and nothing else") {
    Notes notes;
    {
      Transaction kept(notes.database);
      notes.database.execute("INSERT INTO notes(id) VALUES(1)");
      kept.commit();
    }
    {
      const Transaction undone(notes.database);
      notes.database.execute("INSERT INTO notes(id) VALUES(2)");
    }

    CHECK(notes.count() == 1);
  }

  TEST_CASE("can use a statement again after it failed") {
    Notes notes;
    Statement insert = notes.database.prepare("INSERT INTO notes(id) VALUES(?1)");
    insert.run(1);
    CHECK_THROWS_AS(insert.run(1), StoreError);

    insert.run(2);

    CHECK(notes.count() == 2);
  }

  TEST_CASE("keeps the file small, safe and able to give space back") {
    Notes notes;

    CHECK(notes.database.integer("PRAGMA cache_size") == -128);
    CHECK(notes.database.integer("PRAGMA synchronous") == 2);
    CHECK(notes.database.integer("PRAGMA auto_vacuum") == 2);
  }

  TEST_CASE("gives the space of deleted rows back to the file system") {
    Notes notes;
    Statement insert = notes.database.prepare("INSERT INTO notes(body) VALUES(?1)");
    const std::string body(4'000'000, 'x');
    insert.run(Blob{body});
    notes.database.execute("DELETE FROM notes");

    notes.database.shrink();

    CHECK(std::filesystem::file_size(notes.path) < 100'000);
  }

  TEST_CASE("tells a file with no space left from other trouble") {
    Notes notes;
    notes.database.execute("PRAGMA max_page_count = 10");
    Statement insert = notes.database.prepare("INSERT INTO notes(body) VALUES(?1)");
    const std::string body(100'000, 'x');

    const auto error = fault_from([&] { insert.run(Blob{body}); });

    REQUIRE(error);
    CHECK(error->fault() == Fault::full);
    CHECK(std::string(error->what()) == notes.path + ": INSERT: database or disk is full");
  }

  TEST_CASE("tells a missing directory from other trouble") {
    const auto error = fault_from([] { Database("/nonexistent/x.db", {}); });

    REQUIRE(error);
    CHECK(error->fault() == Fault::cannot_open);
    CHECK(std::string(error->what()) ==
          "/nonexistent/x.db: open: unable to open database file (No such file or directory)");
  }

  TEST_CASE("tells what is not a database from other trouble") {
    const test::TemporaryDirectory directory;
    const std::string path = directory.file("x.db");
    std::ofstream(path) << std::string(5000, 'x');

    const auto error = fault_from([&] { Database(path, {}); });

    REQUIRE(error);
    CHECK(error->fault() == Fault::damaged);
  }

  TEST_CASE("does not write what was opened for reading") {
    Notes notes;
    Database reader(notes.path, {.is_read_only = true});

    const auto error = fault_from([&] { reader.execute("DELETE FROM notes"); });

    REQUIRE(error);
    CHECK(error->fault() == Fault::read_only);
  }

  TEST_CASE("needs no -shm when nobody else may open the file, also one that was left open") {
    const test::TemporaryDirectory directory;
    const std::string path = directory.file("x.db");
    {
      Database owner(path, {.is_exclusive = true});
      owner.execute("CREATE TABLE notes(id)");
      // As a kill leaves them.
      for (const char* part : {"", "-wal"}) {
        std::filesystem::copy_file(path + part, directory.file("left.db") + part);
      }
    }

    Database next(directory.file("left.db"), {.is_exclusive = true});

    CHECK(next.integer("SELECT count(*) FROM notes") == 0);
    CHECK_FALSE(std::filesystem::exists(directory.file("left.db-shm")));
  }
}
