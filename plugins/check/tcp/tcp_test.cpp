#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using shoal::test::PluginFixture;
using Options = PluginFixture::OptionMap;

namespace {

// A socket on the loopback that has a queue for connections, and never takes one from it: whoever
// connects meets silence.
class Silent {
 public:
  explicit Silent(bool listens = true) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(fd_, raw, size) == 0);
    REQUIRE(::getsockname(fd_, raw, &size) == 0);
    if (listens) REQUIRE(::listen(fd_, 4) == 0);
    port_ = ntohs(address.sin_port);
  }
  Silent(const Silent&) = delete;
  Silent& operator=(const Silent&) = delete;
  ~Silent() { ::close(fd_); }

  std::int64_t port() const { return port_; }
  std::string name() const { return "127.0.0.1 port " + std::to_string(port_); }
  // Takes one connection and says something in it.
  void say(const std::string& text) const {
    const int peer = ::accept(fd_, nullptr, nullptr);
    CHECK(::send(peer, text.data(), text.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(text.size()));
    ::close(peer);
  }

 private:
  int fd_;
  std::int64_t port_;
};

Options at(const Silent& peer, Options more = {}) {
  more.emplace("host", std::string("127.0.0.1"));
  more.emplace("port", peer.port());
  return more;
}

shoal::CheckVerdict verdict_with(const Options& options) {
  PluginFixture plugin(options);
  return plugin.check();
}

std::string refusal_of(const Options& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

}  // namespace

TEST_SUITE("check tcp") {
  TEST_CASE("is OK when somebody listens, and draws the time") {
    const Silent peer;
    PluginFixture plugin(at(peer));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text.starts_with(peer.name() + " answers in 0."));
    CHECK(plugin.emitted.at("tcp.probe_1.seconds") >= 0);
  }

  TEST_CASE("judges the time") {
    const Silent peer;

    CHECK(verdict_with(at(peer, {{"warning", std::string("0")}})).status == SHOAL_CHECK_WARNING);
    CHECK(verdict_with(at(peer, {{"critical", std::string("60:")}})).status ==
          SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("is CRITICAL when nobody listens, or WARNING on request") {
    const Silent deaf(false);
    PluginFixture plugin(at(deaf));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == deaf.name() + ": Connection refused");
    CHECK(plugin.emitted.empty());
    CHECK(verdict_with(at(deaf, {{"error_status", std::string("warning")}})).status ==
          SHOAL_CHECK_WARNING);
  }

  TEST_CASE("takes an answer that is expected, and quotes one that is not") {
    const Silent peer;
    const auto answer = [&](const std::string& expected) {
      std::thread speaker([&] { peer.say(shoal::test::recorded("ssh-banner")); });
      const auto verdict = verdict_with(at(peer, {{"expect", expected}}));
      speaker.join();
      return verdict;
    };

    const auto good = answer("^SSH-2");
    const auto bad = answer("^220");

    CHECK(good.status == SHOAL_CHECK_OK);
    CHECK(good.text.ends_with(": \"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\""));
    CHECK(bad.status == SHOAL_CHECK_CRITICAL);
    CHECK(bad.text == peer.name() +
                          ": expected \"^220\", got "
                          "\"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\"");
  }

  TEST_CASE("is CRITICAL when what it waits for does not come") {
    const Silent peer;

    const auto verdict =
        verdict_with(at(peer, {{"expect", std::string("^SSH-")}, {"timeout", std::int64_t{20}}}));

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == peer.name() + ": expected \"^SSH-\", got nothing; no more came in time");
  }

  TEST_CASE("expects a closed port on request") {
    const Silent open, closed(false);

    CHECK(verdict_with(at(closed, {{"expect_closed", true}})).status == SHOAL_CHECK_OK);
    CHECK(verdict_with(at(closed, {{"expect_closed", true}})).text ==
          closed.name() + " is closed: Connection refused");
    CHECK(verdict_with(at(open, {{"expect_closed", true}})).text ==
          open.name() + " takes connections");
    CHECK(verdict_with(at(open, {{"expect_closed", true}})).status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("tells an absent unix socket from one that it may not open") {
    const shoal::test::TemporaryDirectory directory;

    const auto absent = verdict_with({{"socket", directory.file("none.sock")}});
    directory.write("plain", "");
    const auto plain = verdict_with({{"socket", directory.file("plain/below")}});

    CHECK(absent.status == SHOAL_CHECK_CRITICAL);
    CHECK(absent.text == directory.file("none.sock") + ": No such file or directory");
    CHECK(plain.status == SHOAL_CHECK_UNKNOWN);
    CHECK(plain.text == directory.file("plain/below") + ": Not a directory");
  }

  TEST_CASE("refuses options that lead nowhere") {
    CHECK(refusal_of({}) == "options: expected port, socket or service, found none");
    CHECK(refusal_of({{"port", std::int64_t{1}}, {"expect", std::string("(x")}}) ==
          "option expect: expected a regular expression, found \"(x\": missing ): (x");
    CHECK(refusal_of({{"port", std::int64_t{1}}, {"warning", std::string("soon")}}) ==
          "option warning: expected a number or a range like \"10:20\", found \"soon\"");
    const std::string path(200, 'x');
    CHECK(refusal_of({{"socket", "/" + path}}) ==
          "option socket: expected at most 107 bytes, found \"/" + path + "\"");
    CHECK(PluginFixture({{"service", std::string("ssh")}}).create_status == SHOAL_OK);
  }
}
