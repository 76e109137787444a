// A Zabbix agent on the loopback, as small as can be: to each request it says what the test gives
// for its payload, as it is, and hangs up. Its thread ends with it.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace shoal::test {

class FakeZabbix {
 public:
  using Say = std::function<std::string(const std::string& request)>;

  // Without `say` nobody takes a connection from the queue, and nothing is ever said.
  explicit FakeZabbix(Say say = {}) : say_(std::move(say)), fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(fd_, raw, size) == 0);
    REQUIRE(::getsockname(fd_, raw, &size) == 0);
    REQUIRE(::listen(fd_, 16) == 0);
    port_ = ntohs(address.sin_port);
    if (say_) thread_ = std::thread([this] { serve(); });
  }
  FakeZabbix(const FakeZabbix&) = delete;
  FakeZabbix& operator=(const FakeZabbix&) = delete;
  ~FakeZabbix() { stop(); }

  // From now on connections are refused.
  void stop() {
    if (fd_ < 0) return;
    is_ending_ = true;
    ::shutdown(fd_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    ::close(fd_);
    fd_ = -1;
  }

  std::int64_t port() const { return port_; }
  std::string name() const { return "127.0.0.1 port " + std::to_string(port_); }

  // As an agent frames a value.
  static std::string frame(const std::string& payload) {
    std::string text("ZBXD\x01", 5);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      text += static_cast<char>(payload.size() >> shift & 0xff);
    }
    return text + std::string(4, '\0') + payload;
  }

 private:
  void serve() {
    while (!is_ending_) {
      const int peer = ::accept(fd_, nullptr, nullptr);
      if (peer < 0) continue;
      answer(peer);
      ::close(peer);
    }
  }

  void answer(int peer) {
    std::string received(4096, '\0');
    const auto size = ::recv(peer, received.data(), received.size(), 0);
    if (size <= 13) return;
    const auto text = say_(received.substr(13, static_cast<std::size_t>(size) - 13));
    // One by one, as a slow network may.
    for (const char byte : text) {
      if (::send(peer, &byte, 1, MSG_NOSIGNAL) != 1) return;
    }
  }

  Say say_;
  int fd_;
  std::int64_t port_ = 0;
  std::atomic<bool> is_ending_ = false;
  std::thread thread_;
};

}  // namespace shoal::test
