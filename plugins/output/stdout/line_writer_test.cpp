#include "line_writer.h"

#include <array>
#include <climits>
#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using shoal::stdout_output::LineWriter;

namespace {

// A pipe that holds one page, so that it is soon full.
class SmallPipe {
 public:
  SmallPipe() {
    REQUIRE(pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) == 0);
    REQUIRE(fcntl(ends_[1], F_SETPIPE_SZ, PIPE_BUF) > 0);
  }
  SmallPipe(const SmallPipe&) = delete;
  SmallPipe& operator=(const SmallPipe&) = delete;
  ~SmallPipe() {
    close_reader();
    close(ends_[1]);
  }

  int writer() const { return ends_[1]; }
  void close_reader() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }
  std::string read_all() const {
    std::string all;
    std::array<char, 4096> chunk{};
    for (ssize_t got = 0; (got = read(ends_[0], chunk.data(), chunk.size())) > 0;) {
      all.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

bool never() {
  return false;
}

shoal_status status_of(LineWriter& writer, std::string_view lines,
                       const std::function<bool()>& is_cancelled) {
  try {
    writer.write(lines, is_cancelled);
    return SHOAL_OK;
  } catch (const shoal::Failure& failure) {
    return failure.status();
  }
}

}  // namespace

TEST_SUITE("LineWriter") {
  TEST_CASE("writes all of it") {
    SmallPipe pipe;
    LineWriter writer(pipe.writer(), "stdout");

    writer.write("one\ntwo\n", never);

    CHECK(pipe.read_all() == "one\ntwo\n");
  }

  TEST_CASE("waits for a slow reader") {
    SmallPipe pipe;
    LineWriter writer(pipe.writer(), "stdout");
    const auto lines = std::string(3 * PIPE_BUF, 'x') + "\n";

    // The reader reads when the writer finds no room and asks whether to give up.
    std::string received;
    writer.write(lines, [&] {
      received += pipe.read_all();
      return false;
    });

    CHECK(received + pipe.read_all() == lines);
  }

  TEST_CASE("gives up when cancelled, and begins the next write on a new line") {
    SmallPipe pipe;
    LineWriter writer(pipe.writer(), "stdout");
    const auto line = std::string(2 * PIPE_BUF, 'x') + "\n";

    CHECK(status_of(writer, line, [] { return true; }) == SHOAL_CANCELLED);

    const auto cut = pipe.read_all();
    CHECK(cut == std::string(cut.size(), 'x'));
    CHECK(status_of(writer, "whole\n", never) == SHOAL_OK);
    CHECK(pipe.read_all() == "\nwhole\n");
  }

  TEST_CASE("asks for a retry when the reader is gone, without a signal") {
    SmallPipe pipe;
    pipe.close_reader();
    LineWriter writer(pipe.writer(), "stdout");

    CHECK_THROWS_WITH(writer.write("one\n", never), "stdout: Broken pipe");
    CHECK(status_of(writer, "one\n", never) == SHOAL_RETRY);
  }

  TEST_CASE("asks for a retry when the disk is full or the descriptor closed") {
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    LineWriter writer(full, "stdout");

    CHECK_THROWS_WITH(writer.write("one\n", never), "stdout: No space left on device");
    close(full);
    CHECK_THROWS_WITH(writer.write("one\n", never), "stdout: Bad file descriptor");
  }

  TEST_CASE("has nothing to do for no lines") {
    LineWriter writer(-1, "stdout");

    CHECK(status_of(writer, "", never) == SHOAL_OK);
  }
}
