#include "common/net/tls.h"

#include <array>
#include <atomic>
#include <csignal>
#include <poll.h>
#include <utility>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <shoal/plugin.hpp>

#include "common/net/endpoint.h"
#include "support/loopback_server.h"
#include "support/temporary_directory.h"
#include "support/tls_server.h"

using namespace std::chrono_literals;
using shoal::common::Connection;
using shoal::common::Deadline;
using shoal::common::Endpoint;
using shoal::common::Result;
using shoal::common::TlsContext;
using shoal::common::TlsSettings;
using shoal::test::Credentials;
using shoal::test::LoopbackServer;
using shoal::test::TlsPeer;

namespace {

const Credentials& authority() {
  static const Credentials made({.common_name = "Test CA", .is_authority = true});
  return made;
}

const Credentials& server_credentials() {
  static const Credentials made({.common_name = "Example",
                                 .alternative_names = "DNS:example.test,IP:127.0.0.1",
                                 .issuer = &authority()});
  return made;
}

void serve(int peer) {
  TlsPeer session(peer, server_credentials());
  session.say("asked for <" + session.asked_for() + ">\n");
  session.hold();
}

// A directory with what the options name.
class Files {
 public:
  Files() {
    authority().write_certificate(ca_file());
    server_credentials().write_certificate(cert_file());
    server_credentials().write_key(key_file());
    server_credentials().write_key(locked_key_file(), "secret");
    other_.write_key(other_key_file());
  }
  std::string ca_file() const { return directory_.file("ca.pem"); }
  std::string cert_file() const { return directory_.file("cert.pem"); }
  std::string key_file() const { return directory_.file("key.pem"); }
  std::string locked_key_file() const { return directory_.file("locked.pem"); }
  std::string other_key_file() const { return directory_.file("other.pem"); }

 private:
  shoal::test::TemporaryDirectory directory_;
  Credentials other_{{.common_name = "Other"}};
};

struct Outcome {
  Result result = Result::impossible;
  std::string fault;
  std::string heard;
  std::size_t presented = 0;
};

Outcome speak(const LoopbackServer& server, const TlsSettings& settings, const std::string& host,
              std::chrono::milliseconds timeout = 10s) {
  std::signal(SIGPIPE, SIG_IGN);  // as the agent does
  TlsContext context(settings);
  Connection connection;
  REQUIRE(Endpoint("127.0.0.1", server.port()).open(connection, Deadline(10s)) == Result::good);
  const Deadline deadline(timeout);
  auto layer = context.layer(host);
  const auto& tls = *layer;
  auto result = connection.secure(std::move(layer), deadline);
  if (result == Result::good) {
    result = connection.receive([](auto text) { return text.ends_with('\n'); }, 100, deadline);
  }
  return {result, connection.fault(), connection.received(), tls.presented().size()};
}

std::string refusal_of(const TlsSettings& settings) {
  try {
    TlsContext context(settings);
  } catch (const shoal::Failure& failure) {
    CHECK(failure.status() == SHOAL_CONFIG);
    return failure.what();
  }
  return {};
}

}  // namespace

TEST_SUITE("Tls") {
  TEST_CASE("accepts a name and an address of the certificate, and asks by the name") {
    const Files files;
    const LoopbackServer server(&serve);

    const auto by_name = speak(server, {.ca_file = files.ca_file()}, "example.test");
    const auto by_address = speak(server, {.ca_file = files.ca_file()}, "127.0.0.1");

    CHECK(by_name.result == Result::good);
    CHECK(by_name.heard == "asked for <example.test>\n");
    CHECK(by_name.presented == 1);
    CHECK(by_address.heard == "asked for <>\n");
  }

  TEST_CASE("refuses another's certificate and one that nobody vouches for, with the reason") {
    const Files files;
    const LoopbackServer server(&serve);
    const Credentials self_signed({.common_name = "Me", .alternative_names = "IP:127.0.0.1"});
    const LoopbackServer boaster([&](int peer) { TlsPeer(peer, self_signed).hold(); });

    const auto other_name = speak(server, {.ca_file = files.ca_file()}, "other.test");
    const auto other_address = speak(server, {.ca_file = files.ca_file()}, "127.0.0.2");
    const auto unknown = speak(server, {}, "example.test");
    const auto unvouched = speak(boaster, {.ca_file = files.ca_file()}, "127.0.0.1");

    CHECK(other_name.result == Result::broken);
    CHECK(other_name.fault == "certificate not accepted: hostname mismatch");
    CHECK(other_name.presented == 1);
    CHECK(other_address.fault == "certificate not accepted: IP address mismatch");
    CHECK(unknown.fault == "certificate not accepted: unable to get local issuer certificate");
    CHECK(unvouched.fault == "certificate not accepted: self-signed certificate");
    CHECK_THROWS_WITH_AS(TlsContext({}).layer(""), "cannot expect a certificate for \"\"",
                         shoal::Failure);
  }

  TEST_CASE("refuses a certificate that is over") {
    const Files files;
    const Credentials late({.common_name = "Late",
                            .alternative_names = "IP:127.0.0.1",
                            .ends_in_seconds = -60,
                            .issuer = &authority()});
    const LoopbackServer server([&](int peer) { TlsPeer(peer, late).hold(); });

    CHECK(speak(server, {.ca_file = files.ca_file()}, "127.0.0.1").fault ==
          "certificate not accepted: certificate has expired");
  }

  TEST_CASE("does not care who it is on request") {
    const LoopbackServer server(&serve);

    const auto outcome = speak(server, {.verifies = false}, "other.test");

    CHECK(outcome.result == Result::good);
    CHECK(outcome.heard == "asked for <other.test>\n");
  }

  TEST_CASE("shows a certificate of its own") {
    const Files files;
    const LoopbackServer server([](int peer) {
      TlsPeer session(peer, server_credentials(), {}, &authority());
      session.say(session.is_agreed() ? "welcome\n" : "");
      session.hold();
    });
    const TlsSettings bare{.ca_file = files.ca_file()};
    auto known = bare;
    known.cert_file = files.cert_file();
    known.key_file = files.key_file();

    CHECK(speak(server, known, "127.0.0.1").heard == "welcome\n");
    const auto refused = speak(server, bare, "127.0.0.1");
    CHECK(refused.result == Result::broken);
    CHECK(refused.fault == "TLS: tlsv13 alert certificate required");
  }

  TEST_CASE("gives up a silent handshake, garbage and a peer that hangs up") {
    const LoopbackServer silent(&shoal::test::hold);
    const LoopbackServer other([](int peer) {
      shoal::test::say(peer, "220 mail.example.test ESMTP\r\n");
      shoal::test::hold(peer);
    });
    const LoopbackServer leaving([](int peer) { shoal::test::hear(peer); });

    const auto late = speak(silent, {}, "127.0.0.1", 40ms);
    CHECK(late.result == Result::timed_out);
    CHECK(late.fault == "no handshake in time");
    CHECK(speak(other, {}, "127.0.0.1").fault == "TLS: wrong version number");
    CHECK(speak(leaving, {}, "127.0.0.1").fault == "TLS: unexpected eof while reading");
  }

  TEST_CASE("forgets what was said in the clear before") {
    const Files files;
    const LoopbackServer server([](int peer) {
      shoal::test::hear_until(peer, "upgrade\n");
      shoal::test::say(peer, "ready\ninjected\n");
      TlsPeer session(peer, server_credentials());
      session.say("protected\n");
      session.hold();
    });
    const Deadline deadline(10s);
    TlsContext context({.ca_file = files.ca_file()});
    const auto has_line = [](auto text) { return text.find('\n') != text.npos; };
    Connection connection;
    REQUIRE(Endpoint("127.0.0.1", server.port()).open(connection, deadline) == Result::good);
    CHECK(connection.send("upgrade\n", deadline) == Result::good);
    CHECK(connection.receive([](auto text) { return text.find("injected\n") != text.npos; }, 100,
                             deadline) == Result::good);
    CHECK(connection.take(6) == "ready\n");

    REQUIRE(connection.secure(context.layer("example.test"), deadline) == Result::good);
    CHECK(connection.receive(has_line, 100, deadline) == Result::good);

    CHECK(connection.received() == "protected\n");
  }

  // So that a peer that sends them without end cannot keep a read from its deadline.
  TEST_CASE("comes back after each session ticket") {
    const Files files;
    std::atomic<bool> has_said_all = false;
    const LoopbackServer server([&](int peer) {
      const int at_once = 1;
      ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
      TlsPeer session(peer, server_credentials());  // sends tickets at the end of the handshake
      session.say("answer\n");
      has_said_all = true;
      has_said_all.notify_all();
      session.hold();
    });
    const Deadline deadline(10s);
    TlsContext context({.ca_file = files.ca_file()});
    Connection connection;
    REQUIRE(Endpoint("127.0.0.1", server.port()).open(connection, deadline) == Result::good);
    auto layer = context.layer("example.test");
    auto& tls = *layer;
    REQUIRE(connection.secure(std::move(layer), deadline) == Result::good);
    has_said_all.wait(false);

    std::array<char, 100> unused{};
    CHECK(tls.read(unused.data(), unused.size()).wanted == POLLIN);
    CHECK(connection.receive([](auto text) { return text.ends_with('\n'); }, 100, deadline) ==
          Result::good);
    CHECK(connection.received() == "answer\n");
  }

  TEST_CASE("takes the peer's goodbye for the end, also when there is more to say") {
    const Files files;
    const LoopbackServer server([](int peer) {
      TlsPeer session(peer, server_credentials());
      session.say("goodbye");
      session.close();
    });
    const Deadline deadline(10s);
    TlsContext context({.ca_file = files.ca_file()});
    Connection connection;
    REQUIRE(Endpoint("127.0.0.1", server.port()).open(connection, deadline) == Result::good);
    REQUIRE(connection.secure(context.layer("example.test"), deadline) == Result::good);

    CHECK(connection.receive([](auto) { return false; }, 100, deadline) == Result::good);
    CHECK(connection.received() == "goodbye");
    // The first may still fit into the socket's buffer.
    auto sent = Result::good;
    while (sent == Result::good && !deadline.has_passed()) sent = connection.send("x", deadline);
    CHECK(sent == Result::broken);
  }
}

TEST_SUITE("TlsContext") {
  TEST_CASE("refuses files that it cannot use, by the name of the option") {
    const Files files;
    const auto cert = files.cert_file();
    const auto key_refusal = [&](const std::string& key) {
      return refusal_of({.cert_file = cert, .key_file = key});
    };

    CHECK(refusal_of({.ca_file = "/nonexistent/ca.pem"}) ==
          "option ca_file: cannot use \"/nonexistent/ca.pem\": No such file or directory");
    CHECK(refusal_of({.cert_file = files.key_file()}) ==
          "option cert_file: cannot use \"" + files.key_file() + "\": no start line");
    CHECK(refusal_of({.cert_file = cert}) ==
          "option key_file: cannot use \"" + cert + "\": unsupported");
    CHECK(key_refusal(files.other_key_file()) ==
          "option key_file: cannot use \"" + files.other_key_file() + "\": key values mismatch");
    CHECK(refusal_of({.key_file = files.key_file()}) ==
          "option key_file: expected cert_file as well, found none");
  }

  TEST_CASE("asks nobody for the passphrase of a key") {
    const Files files;

    CHECK(refusal_of({.cert_file = files.cert_file(), .key_file = files.locked_key_file()}) ==
          "option key_file: cannot use \"" + files.locked_key_file() +
              "\": interrupted or cancelled");
  }
}
