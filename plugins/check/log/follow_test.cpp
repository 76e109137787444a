#include "follow.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "paths.h"
#include "position_text.h"
#include "support/temporary_directory.h"

using namespace shoal::log;
namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

namespace {

// A folder of logs, and one who follows them round after round.
struct Logs {
  shoal::test::TemporaryDirectory folder;
  std::vector<Position> positions;
  Outcome last;

  Logs() { folder.write("app.log", "old\n"); }

  std::string path(const std::string& name = "app.log") const { return folder.file(name); }
  void append(const std::string& text, const std::string& name = "app.log") const {
    std::ofstream(path(name), std::ios::binary | std::ios::app) << text;
  }
  void rename(const std::string& from, const std::string& to) const {
    fs::rename(path(from), path(to));
  }

  // The lines of one round.
  Lines read(const Lines& paths, Start start = Start::beginning, int patience = 1000) {
    Lines lines;
    last = follow(positions, paths,
                  {start, [&](auto line) { lines.emplace_back(line); },
                   [&patience] { return patience-- > 0; }});
    // As over a restart.
    positions = parse_positions(to_text(last.positions)).value();
    CHECK(positions == last.positions);
    return lines;
  }
  Lines read() { return read({path()}); }
};

struct Begun : Logs {
  Begun() { REQUIRE(read({path()}, Start::end).empty()); }
};

Lines names(const Lines& paths) {
  Lines names;
  for (const auto& path : paths) names.push_back(fs::path(path).filename());
  return names;
}

}  // namespace

TEST_SUITE("follow") {
  TEST_CASE("begins at the end or at the beginning, and reads on from there") {
    Logs logs;

    CHECK(logs.read({logs.path()}, Start::end) == Lines{});
    logs.append("one\ntwo\r\n");
    CHECK(logs.read() == Lines{"one", "two"});
    CHECK(logs.read() == Lines{});
    Logs others;
    CHECK(others.read() == Lines{"old"});
  }

  TEST_CASE("waits for the end of a line") {
    Begun logs;

    logs.append("be");
    CHECK(logs.read() == Lines{});
    logs.append("gun\nnext");
    CHECK(logs.read() == Lines{"begun"});
    logs.append("\n");
    CHECK(logs.read() == Lines{"next"});
  }

  TEST_CASE("begins before a line that has no end yet") {
    Logs logs;
    logs.append("half");

    CHECK(logs.read({logs.path()}, Start::end) == Lines{});
    logs.append(" whole\n");
    CHECK(logs.read() == Lines{"half whole"});
  }

  TEST_CASE("takes a line beyond all measure in pieces") {
    Begun logs;
    logs.append(std::string(3'000'000, 'x') + "\nend\n");

    const auto lines = logs.read();

    CHECK(lines.size() >= 3);
    CHECK(lines.back() == "end");
    CHECK(logs.read() == Lines{});
  }

  TEST_CASE("reads a renamed file to its end, and its successor from the beginning") {
    Begun logs;
    logs.append("before\n");
    logs.rename("app.log", "app.log.1");
    logs.append("after\n");

    CHECK(logs.read() == Lines{"before", "after"});
    // Its writer has not noticed yet.
    logs.append("late\n", "app.log.1");
    logs.append("new\n");
    CHECK(logs.read() == Lines{"late", "new"});
  }

  TEST_CASE("waits for the successor of a renamed file") {
    Begun logs;
    logs.append("before\n");
    logs.rename("app.log", "app.log-20240131");

    CHECK(logs.read() == Lines{"before"});
    CHECK(logs.last.missing == Lines{logs.path()});
    logs.append("after\n");
    CHECK(logs.read() == Lines{"after"});
  }

  TEST_CASE("takes the last line of a renamed file without its end, once it has not grown") {
    Begun logs;
    logs.append("last wo");
    logs.rename("app.log", "app.log.1");
    logs.append("first\n");

    CHECK(logs.read() == Lines{"first"});
    logs.append("rds", "app.log.1");
    CHECK(logs.read() == Lines{"last words"});
    CHECK(logs.read() == Lines{});
  }

  TEST_CASE("forgets a renamed file at the next rotation, and reads it before") {
    Begun logs;
    logs.rename("app.log", "app.log.1");
    logs.append("second\n");
    CHECK(logs.read() == Lines{"second"});
    logs.append("late\n", "app.log.1");
    logs.rename("app.log.1", "app.log.2");
    logs.rename("app.log", "app.log.1");
    logs.append("third\n");

    CHECK(logs.read() == Lines{"late", "third"});
    CHECK(logs.positions.size() == 2);
  }

  TEST_CASE("reads what was rotated away while nobody looked") {
    Begun logs;
    logs.append("first\n");
    logs.append("second\n", "app.log.1");
    logs.append("older\n", "app.log.9");
    logs.append("squeezed\n", "app.log.3.gz");
    logs.rename("app.log", "app.log.2");
    logs.append("third\n");
    const auto now = fs::file_time_type::clock::now();
    fs::last_write_time(logs.path("app.log.9"), now - std::chrono::hours(9));
    fs::last_write_time(logs.path("app.log.2"), now - std::chrono::hours(2));
    fs::last_write_time(logs.path("app.log.1"), now - std::chrono::hours(1));

    CHECK(logs.read() == Lines{"first", "second", "third"});
    CHECK(logs.read() == Lines{});
  }

  TEST_CASE("reads a file that was copied and cut from its copy, and anew") {
    Begun logs;
    logs.append("before\n");
    fs::copy_file(logs.path(), logs.path("app.log.1"));
    fs::resize_file(logs.path(), 0);
    logs.append("this is longer than what was there\n");

    CHECK(logs.read() == Lines{"before", "this is longer than what was there"});
    CHECK(logs.read() == Lines{});
  }

  TEST_CASE("begins a file that was emptied anew, and says what is gone") {
    Begun logs;
    fs::resize_file(logs.path(), 0);
    logs.append("new\n");

    CHECK(logs.read() == Lines{"new"});
    CHECK(logs.last.notes ==
          Lines{logs.path() + ": what followed byte 4 before it was rotated is gone"});
  }

  TEST_CASE("says what is gone when a file was removed") {
    Begun logs;
    fs::remove(logs.path());

    CHECK(logs.read() == Lines{});
    CHECK(logs.last.notes.size() == 1);
    CHECK(logs.positions.empty());
    CHECK(logs.read() == Lines{});
    CHECK(logs.last.notes.empty());
  }

  TEST_CASE("knows a file again under a name that is watched as well") {
    Begun logs;
    logs.append("before\n");
    logs.rename("app.log", "app.log.1");
    logs.append("after\n");

    CHECK(logs.read({logs.path(), logs.path("app.log.1")}) == Lines{"after", "before"});
  }

  TEST_CASE("reads a file that has two names once") {
    Begun logs;
    fs::create_symlink(logs.path(), logs.path("link.log"));
    logs.append("one\n");

    CHECK(logs.read({logs.path(), logs.path("link.log")}) == Lines{"one"});
  }

  TEST_CASE("reads on in the next round when there is no time left") {
    Begun logs;
    for (int i = 0; i < 50'000; ++i) logs.append("0123456789\n");

    const auto first = logs.read({logs.path()}, Start::beginning, 2);
    CHECK(first.size() > 1000);
    CHECK(first.size() < 50'000);
    CHECK(first.size() + logs.read().size() == 50'000);
  }

  TEST_CASE("keeps the position of a file that cannot be read for a while") {
    Begun logs;
    logs.append("one\n");
    fs::create_directory(logs.path("folder"));

    CHECK(logs.read({logs.path("folder"), logs.path()}) == Lines{"one"});
    CHECK(logs.last.faults == Lines{logs.path("folder") + ": is not a regular file"});
  }
}

TEST_SUITE("positions") {
  TEST_CASE("outlive a restart, whatever the path") {
    std::vector<Position> positions(2);
    positions[0] = {{1, 2}, 3, 4, 5, true, "/var/log/a b\nc\\n.log"};
    positions[1].path = "/x";

    CHECK(parse_positions(to_text(positions)) == positions);
    CHECK(parse_positions(to_text({})) == std::vector<Position>{});
  }

  TEST_CASE("are none in another text") {
    CHECK_FALSE(parse_positions(""));
    CHECK_FALSE(parse_positions("positions 2"));
    CHECK_FALSE(parse_positions("positions 1\n1 2 3"));
    CHECK_FALSE(parse_positions("positions 1\n1 2 3 4 x here /a"));
  }
}

TEST_SUITE("paths") {
  TEST_CASE("are found by wildcards, and at any depth") {
    const shoal::test::TemporaryDirectory folder;
    for (const auto* name : {"a.log", "b.log", "c.txt", "x/a.log", "x/y/z/a.log"}) {
      folder.write(name, "");
    }

    CHECK(names(expand(folder.file("[ab].log"))) == Lines{"a.log", "b.log"});
    CHECK(expand(folder.file("**/a.log")) ==
          Lines{folder.file("a.log"), folder.file("x/a.log"), folder.file("x/y/z/a.log")});
    CHECK(expand(folder.file("none*")).empty());
  }
}
