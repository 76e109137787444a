#include "common/net/connection.h"

#include <atomic>
#include <list>
#include <poll.h>

#include <doctest/doctest.h>
#include <sys/un.h>

#include <shoal/plugin.hpp>

#include "common/net/endpoint.h"
#include "support/loopback_server.h"
#include "support/temporary_directory.h"

using namespace std::chrono_literals;
using shoal::common::Connection;
using shoal::common::Deadline;
using shoal::common::Endpoint;
using shoal::common::Result;
using shoal::test::hold;
using shoal::test::LoopbackServer;
using shoal::test::say;

namespace {

constexpr std::size_t plenty = 1 << 20;

Result open(Connection& connection, const LoopbackServer& server) {
  return Endpoint("127.0.0.1", server.port()).open(connection, Deadline(10s));
}

auto holds(std::string_view end) {
  return [end](std::string_view text) { return text.find(end) != std::string_view::npos; };
}

bool never(std::string_view) {
  return false;
}

}  // namespace

TEST_SUITE("Connection") {
  TEST_CASE("puts pieces together, and gives out what is taken") {
    const LoopbackServer server([](int peer) {
      const auto heard = shoal::test::hear_until(peer, "\n");
      say(peer, "first ");
      say(peer, "line\nsecond");
      say(peer, heard);
    });
    const Deadline deadline(10s);
    Connection connection;

    REQUIRE(open(connection, server) == Result::good);
    CHECK(connection.send(" line\n", deadline) == Result::good);
    CHECK(connection.receive(holds("line\n"), plenty, deadline) == Result::good);
    CHECK(connection.take(11) == "first line\n");
    CHECK(connection.receive(holds("line\n"), plenty, deadline) == Result::good);

    CHECK(connection.received() == "second line\n");
    CHECK(connection.take(1000) == "second line\n");
    CHECK(connection.received().empty());
  }

  TEST_CASE("takes the end of the peer for an answer, and for one that is too long its beginning") {
    const LoopbackServer server([](int peer) { say(peer, std::string(10'000, 'x')); });
    const Deadline deadline(10s);
    Connection bounded, whole;

    REQUIRE(open(bounded, server) == Result::good);
    CHECK(bounded.receive(&never, 5'000, deadline) == Result::good);
    CHECK(bounded.received().size() == 5'000);
    CHECK(bounded.receive(&never, 5'000, deadline) == Result::good);
    REQUIRE(open(whole, server) == Result::good);
    CHECK(whole.receive(&never, plenty, deadline) == Result::good);
    CHECK(whole.received().size() == 10'000);
  }

  TEST_CASE("gives out lines, and refuses one that does not end") {
    const LoopbackServer server(
        [](int peer) { say(peer, "one\r\n\ntwo \r\r\n" + std::string(99, 'x')); });
    const LoopbackServer leaving([](int peer) { say(peer, "half"); });
    const Deadline deadline(10s);
    Connection connection, cut;
    std::string line;
    const auto next = [&] {
      CHECK(connection.receive_line(line, 99, deadline) == Result::good);
      return line;
    };

    REQUIRE(open(connection, server) == Result::good);
    CHECK(next() == "one");
    CHECK(next().empty());
    CHECK(next() == "two \r");
    CHECK(connection.receive_line(line, 99, deadline) == Result::broken);
    CHECK(connection.fault() == "expected a line, found 99 bytes without an end");
    REQUIRE(open(cut, leaving) == Result::good);
    CHECK(cut.receive_line(line, 99, deadline) == Result::broken);
    CHECK(cut.fault() == "the peer closed the connection");
  }

  TEST_CASE("gives up a silent peer and one that never stops, both at the deadline") {
    const LoopbackServer silent(&hold);
    const LoopbackServer dripping([](int peer) {
      while (say(peer, ".")) {
      }
    });
    Connection waits, hears;

    REQUIRE(open(waits, silent) == Result::good);
    const Deadline deadline(40ms);
    CHECK(waits.receive(&never, plenty, deadline) == Result::timed_out);
    CHECK(waits.fault() == "no more came in time");
    REQUIRE(open(hears, dripping) == Result::good);
    const Deadline another(40ms);
    CHECK(hears.receive(&never, std::size_t{1} << 40, another) == Result::timed_out);
    CHECK(hears.fault() == "no more came in time");
    CHECK_FALSE(hears.received().empty());
  }

  TEST_CASE("gives up a peer that takes nothing") {
    std::atomic<bool> is_over = false;
    const LoopbackServer deaf([&](int) { is_over.wait(false); });
    Connection connection;

    REQUIRE(open(connection, deaf) == Result::good);
    const Deadline deadline(40ms);
    const auto sent = connection.send(std::string(std::size_t{64} << 20, 'x'), deadline);
    is_over = true;
    is_over.notify_all();

    CHECK(sent == Result::timed_out);
    CHECK(connection.fault() == "it takes no more");
  }

  TEST_CASE("tells a reset from an end") {
    const LoopbackServer rude([](int peer) {
      const linger at_once{1, 0};
      ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
      shoal::test::hear(peer);
    });
    const Deadline deadline(10s);
    Connection connection;

    REQUIRE(open(connection, rude) == Result::good);
    CHECK(connection.send("hello", deadline) == Result::good);
    CHECK(connection.receive(&never, plenty, deadline) == Result::broken);

    CHECK(connection.fault() == "Connection reset by peer");
  }

  TEST_CASE("ends when the round is cancelled, whether there is more to read or not") {
    const LoopbackServer silent(&hold);
    const LoopbackServer dripping([](int peer) {
      while (say(peer, ".")) {
      }
    });
    const shoal_clock clock{sizeof(shoal_clock), 0, [](shoal_context*) { return std::int64_t{0}; },
                            [](shoal_context*) { return std::int64_t{0}; }};
    static const void* service = &clock;
    shoal_host host{};
    host.service = [](const shoal_host*, const char*) { return service; };
    const shoal_create create{sizeof(shoal_create), 0, &host, nullptr, {"check:x", 7}, {"{}", 2}};
    const shoal::Context context(create);
    const std::uint32_t cancel = 1;
    const shoal_call raw{sizeof(shoal_call), 1, 0, 60'000'000'000, &cancel};
    const shoal::Call call(context, raw);
    const Deadline deadline(call, 60s);
    Connection connection, hears;

    REQUIRE(open(connection, silent) == Result::good);
    CHECK_THROWS_WITH_AS(connection.receive(&never, plenty, deadline), "cancelled", shoal::Failure);
    CHECK_THROWS_WITH_AS(shoal::common::wait_for(connection.fd(), POLLOUT, 60s, deadline),
                         "cancelled", shoal::Failure);
    REQUIRE(open(hears, dripping) == Result::good);
    CHECK_THROWS_WITH_AS(hears.receive(&never, plenty, deadline), "cancelled", shoal::Failure);
    CHECK(hears.received().empty());
  }
}

TEST_SUITE("Endpoint") {
  TEST_CASE("names where it leads, and says why it leads nowhere") {
    std::int64_t closed_port = 0;
    {
      const LoopbackServer gone(&hold);
      closed_port = gone.port();
    }
    const Deadline deadline(10s);
    Connection connection;
    Endpoint closed("127.0.0.1", closed_port);
    Endpoint absent("", 0, "/nonexistent/peer.sock");
    Endpoint nameless("name.invalid", 1);

    CHECK(closed.name() == "127.0.0.1 port " + std::to_string(closed_port));
    CHECK(closed.open(connection, deadline) == Result::refused);
    CHECK(closed.fault() == "Connection refused");
    CHECK(absent.name() == "/nonexistent/peer.sock");
    CHECK(absent.open(connection, deadline) == Result::refused);
    CHECK(absent.fault() == "No such file or directory");
    CHECK(nameless.open(connection, deadline) == Result::broken);
    CHECK(nameless.fault().starts_with("cannot resolve the name: "));
  }

  TEST_CASE("leads to a unix socket, if its path is short enough and it takes more") {
    const shoal::test::TemporaryDirectory directory;
    const auto path = directory.file("peer.sock");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(::listen(listener, 1) == 0);
    Connection connection;
    std::list<Connection> waiting;
    Endpoint endpoint("", 0, path);

    CHECK(endpoint.open(connection, Deadline(10s)) == Result::good);
    auto result = Result::good;
    while (result == Result::good && waiting.size() < 10) {
      result = endpoint.open(waiting.emplace_back(), Deadline(10s));
    }
    CHECK(result == Result::timed_out);
    CHECK(endpoint.fault() == "it takes no more connections");
    ::close(listener);
    CHECK_THROWS_AS(Endpoint("", 0, "/" + std::string(107, 'x')), shoal::Failure);
  }

  TEST_CASE("blames the peer, unless this host could not even try") {
    const Endpoint endpoint("127.0.0.1", 7);
    const auto status_of = [&](Result result) {
      return failure_at(endpoint, result, "no", SHOAL_CHECK_WARNING).status;
    };

    CHECK(failure_at(endpoint, Result::broken, "no", SHOAL_CHECK_WARNING).text ==
          "127.0.0.1 port 7: no");
    CHECK(status_of(Result::refused) == SHOAL_CHECK_WARNING);
    CHECK(status_of(Result::timed_out) == SHOAL_CHECK_WARNING);
    CHECK(status_of(Result::broken) == SHOAL_CHECK_WARNING);
    CHECK(status_of(Result::impossible) == SHOAL_CHECK_UNKNOWN);
  }

  TEST_CASE("gives the addresses as numbers") {
    Endpoint endpoint("::1", 7);

    const auto addresses = endpoint.addresses(Deadline(10s));

    REQUIRE(addresses.size() == 1);
    CHECK(shoal::common::numeric_host(addresses[0]) == "::1");
  }
}
