#include "control/status_server.h"

#include <atomic>
#include <thread>
#include <utility>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/error.h"
#include "base/unique_fd.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::control;

namespace {

Answer answer_status(std::string_view method, std::string_view path, std::string_view body) {
  if (path == "/echo") return {.body = std::string(body)};
  if (method == "GET" && path == "/status") return {.body = R"({"version": "1"})"};
  return {.status = 404, .content_type = "text/plain", .body = std::string(method) + "?"};
}

// A server whose loop runs on a thread of its own.
class Running {
 public:
  explicit Running(const std::string& path, StatusServer::Handler handler = answer_status)
      : server_(loop_, path, std::move(handler)), thread_([this] { loop_.run(); }) {}
  ~Running() {
    loop_.stop();
    thread_.join();
  }

 private:
  EventLoop loop_;
  StatusServer server_;
  std::thread thread_;
};

// What a killed agent leaves: a socket at which nobody listens.
void leave_socket(const std::string& path) {
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{.sun_family = AF_UNIX};
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
}

}  // namespace

TEST_SUITE("StatusServer") {
  TEST_CASE("answers what it is asked, again and again") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.sock");
    const Running running(path);

    for (int i = 0; i < 3; ++i) {
      const Answer answer = ask(path, "GET", "/status");
      CHECK(answer.status == 200);
      CHECK(answer.content_type == "application/json");
      CHECK(answer.body == R"({"version": "1"})");
    }
  }

  TEST_CASE("gives the handler the path without its query, and passes on what it refuses") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.sock");
    const Running running(path);

    CHECK(ask(path, "GET", "/status?pretty=1").status == 200);
    CHECK(ask(path, "POST", "/echo", "words").body == "words");
    const Answer refusal = ask(path, "POST", "/nothing");
    CHECK(refusal.status == 404);
    CHECK(refusal.content_type == "text/plain");
    CHECK(refusal.body == "POST?");
  }

  TEST_CASE("answers several at once, also while one of them takes its time") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.sock");
    std::atomic<bool> is_blocked = true;
    const Running running(
        path, [&](std::string_view, std::string_view asked, std::string_view) -> Answer {
          if (asked == "/slow") is_blocked.wait(true);
          return {.body = std::string(asked)};
        });
    std::string slow;
    std::thread waiting([&] { slow = ask(path, "GET", "/slow").body; });

    CHECK(ask(path, "GET", "/quick").body == "/quick");

    is_blocked = false;
    is_blocked.notify_all();
    waiting.join();
    CHECK(slow == "/slow");
  }

  TEST_CASE("is for its user and group alone, and gone when it ends") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.sock");

    {
      const Running running(path);
      struct stat status = {};
      REQUIRE(::stat(path.c_str(), &status) == 0);
      CHECK(S_ISSOCK(status.st_mode));
      CHECK((status.st_mode & 0777) == 0660);
    }

    CHECK_FALSE(std::filesystem::exists(path));
  }

  TEST_CASE("refuses to take the place of another that listens") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.sock");
    const Running running(path);

    EventLoop loop;
    CHECK_THROWS_WITH_AS((StatusServer{loop, path, answer_status}),
                         ("socket " + path +
                          ": another agent listens there; stop it or give this one another path "
                          "(--socket, relay.listen)")
                             .c_str(),
                         Error);

    CHECK(ask(path, "GET", "/status").status == 200);
  }

  TEST_CASE("replaces a socket at which nobody listens") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.sock");
    leave_socket(path);

    const Running running(path);

    CHECK(ask(path, "GET", "/status").status == 200);
  }

  TEST_CASE("does not touch a file that is no socket") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.sock");
    directory.write("shoal.sock", "someone's notes");

    EventLoop loop;
    CHECK_THROWS_WITH_AS((StatusServer{loop, path, answer_status}),
                         ("socket " + path + ": there is a file that is no socket").c_str(), Error);

    CHECK(std::filesystem::file_size(path) == 15);
  }

  TEST_CASE("says why it cannot listen") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("missing/shoal.sock");

    EventLoop loop;
    CHECK_THROWS_WITH_AS((StatusServer{loop, path, answer_status}),
                         doctest::Contains(("socket " + path + ": cannot listen: ").c_str()),
                         Error);
  }
}

TEST_SUITE("ask") {
  TEST_CASE("says that no agent answers, and where") {
    const test::TemporaryDirectory directory;
    const auto path = directory.file("shoal.sock");

    CHECK_THROWS_WITH_AS(ask(path, "GET", "/status"),
                         doctest::Contains(("no agent answers at " + path + ": ").c_str()), Error);
  }
}
