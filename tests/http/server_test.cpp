#include "http/server.h"

#include <array>
#include <atomic>
#include <latch>
#include <optional>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/error.h"
#include "base/unique_fd.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::http;

namespace {

// A connection that says what a test wants, whole or in pieces.
class Client {
 public:
  explicit Client(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{.sun_family = AF_UNIX};
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    const auto* raw = reinterpret_cast<const sockaddr*>(&address);
    REQUIRE(::connect(fd_.get(), raw, sizeof(address)) == 0);
  }

  Client& say(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;  // it has heard enough
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return *this;
  }

  void end() { ::shutdown(fd_.get(), SHUT_WR); }

  // Until the end of the connection.
  std::string rest() {
    std::string all;
    std::array<char, 4096> chunk{};
    for (ssize_t got = 0; (got = ::read(fd_.get(), chunk.data(), chunk.size())) > 0;) {
      all.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

  // Until so much came.
  std::string next(std::size_t size) {
    std::string all(size, '\0');
    const auto got = ::recv(fd_.get(), all.data(), size, MSG_WAITALL);
    all.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return all;
  }

 private:
  UniqueFd fd_;
};

Answer echo(const Request& request) {
  return {.content_type = "text/plain",
          .body = request.method + " " + request.path + " [" + request.query + "] " +
                  (request.is_too_long ? "(too long)" : request.body)};
}

class Running {
 public:
  explicit Running(ServerSettings settings = {}, Server::Handler handler = echo)
      : server_(loop_, {.path = path()}, std::move(settings), std::move(handler)) {
    server_.start();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Running() {
    loop_.stop();
    thread_.join();
  }

  std::string path() const { return directory_.file("http.sock"); }
  Client client() const { return Client(path()); }
  std::string answer_to(const std::string& request) const { return client().say(request).rest(); }

 private:
  test::TemporaryDirectory directory_;
  EventLoop loop_;
  Server server_;
  std::thread thread_;
};

const auto* const get = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";
const auto* const get_answer =
    "HTTP/1.1 200 OK\r\nServer: shoal\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n"
    "Connection: keep-alive\r\n\r\nGET /a [b=c] ";

}  // namespace

TEST_SUITE("http server") {
  TEST_CASE("answers a request and closes") {
    const Running running;

    CHECK(running.answer_to(get).ends_with("Connection: close\r\n\r\nGET /a [b=c] "));
    CHECK(running.answer_to("POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi").ends_with("[] hi"));
  }

  TEST_CASE("keeps a connection on request, and answers what comes together one by one") {
    const Running running({.keeps_alive = true});
    auto client = running.client();
    const std::string answer = get_answer;

    client.say(get);
    CHECK(client.next(answer.size()) == answer);
    client.say(std::string(get) + get);
    CHECK(client.next(2 * answer.size()) == answer + answer);
    client.say("GET /last HTTP/1.1\r\nConnection: close\r\n\r\n");
    CHECK(client.rest().ends_with("GET /last [] "));
  }

  TEST_CASE("puts together what comes in pieces") {
    const Running running;
    auto client = running.client();
    for (const char c : std::string("POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi")) {
      client.say({&c, 1});
    }

    CHECK(client.rest().ends_with("POST /a [] hi"));
  }

  TEST_CASE("reads a body that comes in chunks") {
    const Running running;

    CHECK(running
              .answer_to("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "2\r\nhi\r\n4\r\n all\r\n0\r\n\r\n")
              .ends_with("POST /a [] hi all"));
  }

  TEST_CASE("goes no further into a body that is too long") {
    const Running running({.longest_body = 10, .keeps_alive = true});

    CHECK(running.answer_to("POST /a HTTP/1.1\r\nContent-Length: 11\r\n\r\n12345678901")
              .ends_with("Connection: close\r\n\r\nPOST /a [] (too long)"));
    CHECK(running
              .answer_to("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "b\r\n12345678901\r\n0\r\n\r\n")
              .ends_with("(too long)"));
  }

  TEST_CASE("says 400 to what is no request") {
    const Running running;
    std::string many = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 200; ++i) many += "X-" + std::to_string(i) + ": y\r\n";

    CHECK(running.answer_to("\r\n\r\n\r\n").starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(running.answer_to(many + "\r\n").starts_with("HTTP/1.1 400 "));
    CHECK(running.answer_to("GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n")
              .starts_with("HTTP/1.1 400 "));
  }

  TEST_CASE("says 400 to a body that ends too soon") {
    const Running running;
    auto client = running.client();

    client.say("POST /a HTTP/1.1\r\nContent-Length: 20\r\n\r\nhi").end();

    CHECK(client.rest().find("expected a body of 20 bytes, 2 came") != std::string::npos);
  }

  TEST_CASE("says 400 to a framing that it does not know") {
    const Running running({.keeps_alive = true});
    for (const auto* header : {"Content-Length: abc", "Content-Length: -5",
                               "Content-Length: 99999999999999999999", "Transfer-Encoding: gzip"}) {
      CAPTURE(header);
      const auto answer =
          running.answer_to(std::string("POST /a HTTP/1.1\r\n") + header + "\r\n\r\n" + get);
      CHECK(answer.starts_with("HTTP/1.1 400 "));
      CHECK(answer.find("200 OK") == std::string::npos);
    }
  }

  TEST_CASE("does not wait for ever for a peer that reads no answer") {
    auto running = std::make_unique<Running>(
        ServerSettings{.keeps_alive = true, .patience = std::chrono::seconds(1)},
        [](const Request&) { return Answer{.body = std::string(std::size_t{8} << 20, 'x')}; });
    auto deaf = running->client();
    deaf.say(get);
    CHECK(deaf.next(5) == "HTTP/");

    running.reset();

    CHECK(deaf.rest().size() < (std::size_t{8} << 20));
  }

  TEST_CASE("lets further connections wait") {
    std::latch go_on(1);
    std::atomic<int> at_once = 0;
    std::atomic<int> most = 0;
    const Running running({.most_connections = 2}, [&](const Request& request) {
      most = std::max<int>(most, ++at_once);
      go_on.wait();
      --at_once;
      return echo(request);
    });
    std::vector<std::thread> clients;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 5; ++i) {
      clients.emplace_back([&] { answered += running.answer_to(get).empty() ? 0 : 1; });
    }

    go_on.count_down();
    for (auto& client : clients) client.join();

    CHECK(answered == 5);
    CHECK(most <= 2);
  }

  TEST_CASE("does not wait at its end for those who say nothing") {
    auto running = std::make_unique<Running>(ServerSettings{.keeps_alive = true});
    auto idle = running->client();
    auto used = running->client();
    used.say(get).next(std::string_view(get_answer).size());

    running.reset();

    CHECK(idle.rest().empty());
    CHECK(used.rest().empty());
  }

  TEST_CASE("does not share a port with another server") {
    EventLoop loop;
    ListenAddress address{.host = "127.0.0.1"};
    std::optional<Server> first;
    for (address.port = 20'000; !first; ++address.port) {
      try {
        first.emplace(loop, address, ServerSettings{}, echo);
      } catch (const Error&) {
        REQUIRE(address.port < 60'000);  // taken; the next one may be free
      }
    }
    --address.port;

    CHECK_THROWS_WITH_AS(Server(loop, address, {}, echo), doctest::Contains("already in use"),
                         Error);
  }

  TEST_CASE("cannot listen where somebody else does") {
    const Running running;
    EventLoop loop;

    CHECK_THROWS_AS(Server(loop, {.path = running.path()}, {}, echo), Error);
    CHECK_THROWS_WITH_AS(Server(loop, {.host = "192.0.2.1", .port = 1}, {}, echo),
                         doctest::Contains("socket 192.0.2.1:1: cannot listen: "), Error);
  }
}
