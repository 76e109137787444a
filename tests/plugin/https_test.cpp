#include <array>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "plugin/http/tls.h"
#include "plugin/http_client.h"
#include "plugin/loopback_server.h"

using namespace std::chrono_literals;
using namespace shoal;
using plugin::CallStatus;
using plugin::HttpClient;
using plugin::HttpOutcome;
using plugin::HttpRequest;
using test::LoopbackServer;
using test::Peer;
using test::Sighting;
using Step = plugin::ChannelStep::Kind;

namespace {

const SystemClock wall_and_steady;
const std::string testdata = TESTDATA "/tls/";
const std::string root_file = testdata + "root.pem";
const std::string ok_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct ServerSide {
  std::string certificate = "good.pem";
  std::string answer = ok_answer;
  int newest_version = TLS1_3_VERSION;
  bool says_goodbye = true;

  // What the client sent after the handshake; empty if there was none.
  std::string serve(const Peer& peer) const {
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()),
                                                              &SSL_CTX_free);
    const auto file = testdata + certificate;
    SSL_CTX_use_certificate_file(context.get(), file.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context.get(), file.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_set_cipher_list(context.get(), "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), newest_version);
    std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context.get()), &SSL_free);
    SSL_set_fd(session.get(), peer.fd());
    std::array<char, 4096> buffer;
    if (SSL_accept(session.get()) != 1) return {};
    const int count = SSL_read(session.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (count <= 0) return {};
    SSL_write(session.get(), answer.data(), static_cast<int>(answer.size()));
    if (says_goodbye) SSL_shutdown(session.get());
    return {buffer.data(), static_cast<std::size_t>(count)};
  }
};

std::string https_url(const LoopbackServer& server, std::string_view host = "127.0.0.1") {
  return "https://" + std::string(host) + ":" + std::to_string(server.port()) + "/a";
}

std::string without_port(std::string text, const LoopbackServer& server) {
  const auto port = std::to_string(server.port());
  const auto at = text.find(port);
  return at == std::string::npos ? text : text.replace(at, port.size(), "PORT");
}

struct Client {
  HttpClient http{wall_and_steady, TLS_MODULE};
  std::atomic<std::uint32_t> cancel{0};

  HttpOutcome send(const HttpRequest& request) {
    return http.request(request, wall_and_steady.steady() + 1h, cancel);
  }
  HttpOutcome post(const LoopbackServer& server, std::string_view host = "127.0.0.1") {
    return send({.method = "POST",
                 .url = https_url(server, host),
                 .body = "secret",
                 .timeout = 10s,
                 .ca_file = root_file});
  }
};

UniqueFd connected_to(const LoopbackServer& server) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  REQUIRE(::fcntl(fd.get(), F_SETFL, O_NONBLOCK) == 0);
  return fd;
}

void wait_for_input(const plugin::Channel& channel) {
  pollfd entry{channel.fd(), POLLIN, 0};
  REQUIRE(::poll(&entry, 1, 10'000) == 1);
}

// What a client that trusts our root says to such a server.
struct Trial {
  Sighting seen;  // by the server
  HttpOutcome outcome;
  std::string reason;

  explicit Trial(const ServerSide& side, std::chrono::milliseconds stall = 0ms) {
    LoopbackServer server([&](const Peer& peer, int) {
      std::this_thread::sleep_for(stall);
      seen.set(side.serve(peer));
    });
    outcome = Client().post(server);
    reason = without_port(outcome.reason, server);
  }
};

}  // namespace

TEST_SUITE("https") {
  TEST_CASE("speaks with a server whose certificate names it") {
    Trial by_address({});

    CHECK(by_address.reason.empty());
    CHECK(by_address.outcome.response.body == "ok");
    CHECK(by_address.seen.get().ends_with("\r\n\r\nsecret"));
  }

  TEST_CASE("checks names as well as addresses") {
    LoopbackServer server([](const Peer& peer, int) { ServerSide{}.serve(peer); });

    CHECK(Client().post(server, "localhost").response.body == "ok");
  }

  TEST_CASE("tells nothing to a server with another's certificate") {
    Trial trial({.certificate = "other.pem"});

    CHECK(trial.outcome.status == CallStatus::retry);
    CHECK(trial.reason == "127.0.0.1:PORT: no TLS: certificate refused: IP address mismatch");
    CHECK(trial.seen.get().empty());
  }

  TEST_CASE("tells nothing to a server with another's certificate that stalls first") {
    Trial trial({.certificate = "other.pem"}, 300ms);

    CHECK(trial.reason == "127.0.0.1:PORT: no TLS: certificate refused: IP address mismatch");
    CHECK(trial.seen.get().empty());
  }

  TEST_CASE("refuses an expired certificate") {
    Trial trial({.certificate = "expired.pem"});

    CHECK(trial.reason == "127.0.0.1:PORT: no TLS: certificate refused: certificate has expired");
    CHECK(trial.seen.get().empty());
  }

  TEST_CASE("trusts the system's roots and no others unless told") {
    LoopbackServer server([](const Peer& peer, int) { ServerSide{}.serve(peer); });

    const auto outcome = Client().send({.url = https_url(server)});

    CHECK(outcome.status == CallStatus::retry);
    CHECK(without_port(outcome.reason, server) ==
          "127.0.0.1:PORT: no TLS: certificate refused: unable to get local issuer certificate");
  }

  TEST_CASE("accepts any certificate only where verification is off") {
    LoopbackServer server(
        [](const Peer& peer, int) { ServerSide{.certificate = "expired.pem"}.serve(peer); });

    const auto outcome = Client().send({.url = https_url(server), .verify = false});

    CHECK(outcome.response.body == "ok");
  }

  TEST_CASE("refuses TLS older than 1.2") {
    Trial trial({.newest_version = TLS1_1_VERSION});

    CHECK(trial.outcome.status == CallStatus::retry);
    CHECK(trial.reason.starts_with("127.0.0.1:PORT: no TLS: "));
    CHECK(trial.seen.get().empty());
  }

  // So that a server that sends them without end cannot keep a read from its deadline.
  TEST_CASE("comes back after each session ticket") {
    Sighting seen;
    LoopbackServer server([&](const Peer& peer, int) { seen.set(ServerSide{}.serve(peer)); });
    plugin::TlsModule module(TLS_MODULE);
    const auto channel = module.open(connected_to(server), {"127.0.0.1", root_file});
    while (channel->handshake().kind == Step::needs_input) wait_for_input(*channel);
    REQUIRE(channel->write("x", 1).kind == Step::moved);
    REQUIRE(seen.get() == "x");  // it has answered, behind the tickets of the handshake

    std::array<char, 4096> buffer;
    auto step = channel->read(buffer.data(), buffer.size());
    CHECK(step.kind == Step::needs_input);
    while (step.kind == Step::needs_input) {
      wait_for_input(*channel);
      step = channel->read(buffer.data(), buffer.size());
    }

    CHECK(std::string_view(buffer.data(), step.bytes) == ok_answer);
  }

  TEST_CASE("ends at its deadline while the handshake stalls") {
    LoopbackServer server([](Peer& peer, int) { peer.wait_for_end(); });

    const auto outcome = Client().send({.url = https_url(server), .timeout = 200ms});

    CHECK(outcome.status == CallStatus::deadline);
    CHECK(without_port(outcome.reason, server) ==
          "127.0.0.1:PORT: gave up after 200 ms while agreeing on TLS");
  }

  TEST_CASE("refuses an answer whose end nobody vouches for") {
    Trial trial({.answer = "HTTP/1.1 200 OK\r\n\r\nhalf of it", .says_goodbye = false});

    CHECK(trial.outcome.status == CallStatus::retry);
    CHECK(trial.reason == "127.0.0.1:PORT: unexpected eof while reading");
  }

  TEST_CASE("says so where no TLS is spoken") {
    LoopbackServer server([](Peer& peer, int) { peer.write("HTTP/1.1 400 Bad Request\r\n\r\n"); });

    const auto outcome = Client().send({.url = https_url(server)});

    CHECK(outcome.status == CallStatus::retry);
    CHECK(without_port(outcome.reason, server) == "127.0.0.1:PORT: no TLS: wrong version number");
  }

  TEST_CASE("goes through a proxy's tunnel and checks the server behind it") {
    Sighting asked;
    Sighting seen;
    LoopbackServer proxy([&](Peer& peer, int) {
      asked.set(peer.read_request());
      peer.write("HTTP/1.1 200 Connection established\r\n\r\n");
      seen.set(ServerSide{}.serve(peer));
    });
    const auto through_proxy = [&](const char* url) {
      return Client().send({.url = url,
                            .proxy = "http://127.0.0.1:" + std::to_string(proxy.port()),
                            .ca_file = root_file});
    };

    CHECK(through_proxy("https://localhost/a").response.body == "ok");
    CHECK(asked.get().starts_with("CONNECT localhost:443 HTTP/1.1\r\n"));
    CHECK(seen.get().starts_with("GET /a HTTP/1.1\r\nHost: localhost\r\n"));
    CHECK(through_proxy("https://example.test/")
              .reason.ends_with(": no TLS: certificate refused: hostname mismatch"));
  }

  TEST_CASE("names a file of roots that cannot be read") {
    LoopbackServer server([](Peer& peer, int) { peer.wait_for_end(); });

    const auto outcome =
        Client().send({.url = https_url(server), .ca_file = "/nonexistent/root.pem"});

    CHECK(outcome.status == CallStatus::config);
    CHECK(outcome.reason == "ca_file /nonexistent/root.pem: No such file or directory");
  }

  TEST_CASE("says that its module is missing") {
    LoopbackServer server([](Peer& peer, int) { peer.wait_for_end(); });
    HttpClient http(wall_and_steady, "/nonexistent/shoal-tls.so");
    const std::atomic<std::uint32_t> cancel{0};

    const auto outcome =
        http.request({.url = https_url(server)}, wall_and_steady.steady() + 1h, cancel);

    CHECK(outcome.status == CallStatus::retry);
    CHECK(without_port(outcome.reason, server) ==
          "127.0.0.1:PORT: no https: /nonexistent/shoal-tls.so: cannot open shared object file: "
          "No such file or directory");
  }
}
