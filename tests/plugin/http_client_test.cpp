#include "plugin/http_client.h"

#include <unistd.h>

#include <doctest/doctest.h>

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

namespace {

const SystemClock wall_and_steady;
const std::string ok_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// Answers every request on every connection.
void answer_all(Peer& peer, int) {
  while (!peer.read_request().empty() && peer.write(ok_answer)) {
  }
}

LoopbackServer::Script answer_once(std::string answer) {
  return [answer = std::move(answer)](Peer& peer, int) {
    peer.read_request();
    peer.write(answer);
  };
}

struct Client {
  HttpClient http{wall_and_steady, "/nonexistent/shoal-tls.so"};
  std::atomic<std::uint32_t> cancel{0};

  HttpOutcome get(std::string url, std::chrono::milliseconds timeout = 10s) {
    return send({.url = std::move(url), .timeout = timeout});
  }
  HttpOutcome send(const HttpRequest& request) {
    return http.request(request, wall_and_steady.steady() + 1h, cancel);
  }
};

std::chrono::nanoseconds time_of(const std::function<void()>& act) {
  const auto begin = wall_and_steady.steady();
  act();
  return wall_and_steady.steady() - begin;
}

std::string without_port(std::string text, const LoopbackServer& server) {
  const auto port = std::to_string(server.port());
  const auto at = text.find(port);
  return at == std::string::npos ? text : text.replace(at, port.size(), "PORT");
}

}  // namespace

TEST_SUITE("HttpClient") {
  TEST_CASE("sends a request and brings the answer") {
    Sighting seen;
    LoopbackServer server([&](Peer& peer, int) {
      seen.set(peer.read_request());
      peer.write("HTTP/1.1 404 Not Found\r\nX-A: b\r\nContent-Length: 4\r\n\r\nnone");
    });
    Client client;

    const auto outcome = client.send(
        {.method = "POST", .url = server.url("/a?b"), .headers = {{"X-Key", "k"}}, .body = "data"});

    REQUIRE(outcome.status == CallStatus::ok);
    CHECK(outcome.reason.empty());
    CHECK(outcome.response.status == 404);
    CHECK(outcome.response.body == "none");
    CHECK(seen.get() == "POST /a?b HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                            "\r\nX-Key: k\r\nContent-Length: 4\r\n\r\ndata");
  }

  TEST_CASE("asks for the site of another name when a header says so") {
    Sighting seen;
    LoopbackServer server([&](Peer& peer, int) {
      seen.set(peer.read_request());
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    Client client;

    client.send({.url = server.url("/"), .headers = {{"host", "site.test"}}});

    CHECK(seen.get() == "GET / HTTP/1.1\r\nhost: site.test\r\n\r\n");
  }

  TEST_CASE("says who refused") {
    std::uint16_t port = LoopbackServer([](Peer&, int) {}).port();  // gone at once
    Client client;

    const auto outcome = client.get("http://127.0.0.1:" + std::to_string(port));

    CHECK(outcome.status == CallStatus::retry);
    CHECK(outcome.reason ==
          "127.0.0.1:" + std::to_string(port) + ": cannot connect: Connection refused");
  }

  TEST_CASE("says that a name cannot be resolved") {
    Client client;

    const auto outcome = client.get("http://u:secret@name.invalid/");

    CHECK(outcome.status == CallStatus::retry);
    CHECK(outcome.reason.starts_with("name.invalid:80: cannot resolve the name: "));
  }

  TEST_CASE("resolves names beside the call") {
    LoopbackServer server(answer_all);
    Client client;

    CHECK(client.get("http://localhost:" + std::to_string(server.port())).response.body == "ok");
  }

  TEST_CASE("refuses broken answers") {
    const std::string rows[][2] = {
        {"", "127.0.0.1:PORT: closed without an answer"},
        {"220 mail.example ESMTP\r\n", "127.0.0.1:PORT: the answer is not HTTP"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
         "127.0.0.1:PORT: the connection was closed 4 bytes before the end of the answer"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
         "127.0.0.1:PORT: the connection was closed in the middle of a chunked answer"},
    };
    for (const auto& [answer, reason] : rows) {
      LoopbackServer server(answer_once(answer));
      Client client;
      const auto outcome = client.get(server.url());
      CHECK(outcome.status == CallStatus::retry);
      CHECK(without_port(outcome.reason, server) == reason);
    }
  }

  TEST_CASE("says that the connection was reset in mid-body") {
    LoopbackServer server([](Peer& peer, int) {
      peer.read_request();
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
      ::usleep(20'000);  // lets the client read it: a reset discards what is unread
      peer.reset();
    });
    Client client;

    const auto outcome = client.get(server.url());

    CHECK(outcome.status == CallStatus::retry);
    CHECK(without_port(outcome.reason, server) == "127.0.0.1:PORT: Connection reset by peer");
  }

  TEST_CASE("ends at its deadline however the answer drips") {
    LoopbackServer server([](Peer& peer, int) {
      peer.read_request();
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
      while (peer.write("x")) ::usleep(5'000);
    });
    Client client;
    HttpOutcome outcome;

    const auto spent = time_of([&] { outcome = client.get(server.url(), 200ms); });

    CHECK(outcome.status == CallStatus::deadline);
    CHECK(without_port(outcome.reason, server) ==
          "127.0.0.1:PORT: gave up after 200 ms while waiting for the answer");
    CHECK(spent >= 200ms);
    CHECK(spent <
          1s);  // under a sanitizer on a busy machine; idle, it is a fraction of a millisecond
    MESSAGE("deadline exceeded by ", (spent - 200ms).count() / 1000, " us");
  }

  TEST_CASE("ends at its deadline while the server does not read") {
    LoopbackServer server([](Peer&, int) { ::usleep(400'000); });
    Client client;

    const auto outcome = client.send({.method = "POST",
                                      .url = server.url(),
                                      .body = std::string(50 << 20, 'x'),
                                      .timeout = 200ms});

    CHECK(outcome.status == CallStatus::deadline);
    CHECK(without_port(outcome.reason, server) ==
          "127.0.0.1:PORT: gave up after 200 ms while sending the request");
  }

  TEST_CASE("is woken by cancel") {
    LoopbackServer server([](Peer& peer, int) { peer.wait_for_end(); });
    Client client;
    std::thread canceller([&] {
      ::usleep(50'000);
      client.cancel = 1;
    });
    HttpOutcome outcome;

    const auto spent = time_of([&] { outcome = client.get(server.url()); });

    canceller.join();
    CHECK(outcome.status == CallStatus::cancelled);
    CHECK(without_port(outcome.reason, server) ==
          "127.0.0.1:PORT: cancelled while waiting for the answer");
    CHECK(spent < 1s);
  }

  TEST_CASE("reads no more of an endless body than it may") {
    LoopbackServer server([](Peer& peer, int) {
      peer.read_request();
      peer.write("HTTP/1.1 200 OK\r\n\r\n");
      const std::string block(1 << 20, 'x');
      for (int i = 0; i < 1024 && peer.write(block); ++i) {
      }
    });
    Client client;

    const auto outcome = client.get(server.url());

    CHECK(outcome.status == CallStatus::retry);
    CHECK(without_port(outcome.reason, server) ==
          "127.0.0.1:PORT: the answer is longer than 1048576 bytes");
  }

  TEST_CASE("understands both forms of Retry-After") {
    Client client;
    LoopbackServer seconds(
        answer_once("HTTP/1.1 429 Slow\r\nretry-after: 7\r\nContent-Length: 0\r\n\r\n"));
    LoopbackServer date(
        answer_once("HTTP/1.1 429 Slow\r\nRetry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n"
                    "Content-Length: 0\r\n\r\n"));

    CHECK(client.get(seconds.url()).response.retry_after == 7s);
    CHECK(client.get(date.url()).response.retry_after == 24h);
  }

  TEST_CASE("does not follow redirects") {
    LoopbackServer server(answer_once(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"));
    Client client;

    CHECK(client.get(server.url()).response.status == 302);
  }

  TEST_CASE("keeps the connection for the next request") {
    std::atomic<int> connections{0};
    LoopbackServer server([&](Peer& peer, int connection) {
      ++connections;
      answer_all(peer, connection);
    });
    Client client;

    client.get(server.url("/1"));
    client.get(server.url("/2"));

    CHECK(connections == 1);
  }

  TEST_CASE("asks for the connection to be closed where it may not be kept") {
    Sighting seen;
    LoopbackServer server([&](Peer& peer, int) {
      seen.set(peer.read_request());
      peer.write(ok_answer);
    });
    Client client;

    client.send({.url = server.url(), .keep_alive = false});

    CHECK(seen.get().find("\r\nConnection: close\r\n") != std::string::npos);
  }

  TEST_CASE("opens a new connection if the kept one was closed meanwhile") {
    LoopbackServer server([](Peer& peer, int) {
      peer.read_request();
      peer.write(ok_answer);
    });
    Client client;
    client.get(server.url());

    CHECK(client.get(server.url()).response.body == "ok");
  }

  TEST_CASE("tries once more if the kept connection is closed by its request") {
    Sighting second;
    LoopbackServer server([&](Peer& peer, int connection) {
      peer.read_request();
      peer.write(ok_answer);
      const auto request = peer.read_request();
      if (connection == 0) second.set(request);
    });
    Client client;
    client.get(server.url("/1"));

    const auto outcome = client.get(server.url("/2"));

    CHECK(outcome.response.body == "ok");
    CHECK(second.get().starts_with("GET /2 "));
  }

  TEST_CASE("listens to a server that refuses before it has read everything") {
    LoopbackServer server([](Peer& peer, int) {
      peer.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      peer.wait_for_end();
    });
    Client client;

    const auto outcome =
        client.send({.method = "POST", .url = server.url(), .body = std::string(10 << 20, 'x')});

    CHECK(outcome.response.status == 413);
  }

  TEST_CASE("hands plain requests whole to a proxy, with its password") {
    Sighting seen;
    LoopbackServer proxy([&](Peer& peer, int) {
      seen.set(peer.read_request());
      peer.write(ok_answer);
    });
    Client client;

    const auto outcome =
        client.send({.url = "http://example.test:81/a",
                     .proxy = "http://user:pass@127.0.0.1:" + std::to_string(proxy.port())});

    CHECK(outcome.response.body == "ok");
    CHECK(seen.get() ==
          "GET http://example.test:81/a HTTP/1.1\r\nHost: example.test:81\r\n"
          "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n");
  }

  TEST_CASE("says that a proxy refuses a tunnel") {
    Sighting seen;
    LoopbackServer proxy([&](Peer& peer, int) {
      seen.set(peer.read_request());
      peer.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nno!");
    });
    Client client;

    const auto outcome =
        client.send({.url = "https://example.test/a",
                     .proxy = "http://user:pass@127.0.0.1:" + std::to_string(proxy.port())});

    CHECK(
        seen.get().starts_with("CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\n"));
    CHECK(outcome.status == CallStatus::retry);
    CHECK(without_port(outcome.reason, proxy) ==
          "127.0.0.1:PORT: the proxy refuses a tunnel to example.test:443: HTTP 407");
  }

  TEST_CASE("speaks over unix sockets") {
    const auto path = "/tmp/shoal-http-test-" + std::to_string(::getpid()) + ".sock";
    Sighting seen;
    LoopbackServer server(
        [&](Peer& peer, int) {
          seen.set(peer.read_request());
          peer.write(ok_answer);
        },
        path);
    Client client;

    const auto outcome = client.get("unix://" + path + ":/v1/agent?x=y");

    ::unlink(path.c_str());
    CHECK(outcome.response.body == "ok");
    CHECK(seen.get() == "GET /v1/agent?x=y HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  TEST_CASE("refuses headers that would break the request") {
    Client client;

    const auto outcome =
        client.send({.url = "http://127.0.0.1:1/", .headers = {{"X-Key", "a\r\nX-Other: b"}}});

    CHECK(outcome.status == CallStatus::config);
    CHECK(outcome.reason == "header X-Key: expected one line");
  }
}
