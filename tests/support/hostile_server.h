// A server on a loopback port of its own that treats every connection as the test says, one after
// the other, in a thread. Knows no protocol. Ends with its object.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace shoal::test {

// One connection, as the server sees it. Every call returns false once the peer is gone.
class Caller {
 public:
  explicit Caller(int fd) : fd_(fd) {}

  bool say(std::string_view text) const {
    while (!text.empty()) {
      const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // Each byte in a packet of its own, as far as the network lets it.
  bool say_byte_by_byte(std::string_view text) const {
    const int at_once = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
    for (const char byte : text) {
      if (!say({&byte, 1})) return false;
    }
    return true;
  }
  // The same again and again.
  bool say_without_end(std::string_view text) const {
    std::string many;
    while (many.size() < 4096) many += text;
    while (say(many)) {
    }
    return false;
  }
  // Takes whatever comes next; empty when the peer has gone.
  std::string hear() const {
    char data[4096];
    const auto size = ::recv(fd_, data, sizeof(data), 0);
    return size <= 0 ? std::string() : std::string(data, static_cast<std::size_t>(size));
  }
  // Says nothing until the peer goes.
  void be_silent() const {
    while (!hear().empty()) {
    }
  }

 private:
  int fd_;
};

class HostileServer {
 public:
  explicit HostileServer(std::function<void(const Caller&)> treat)
      : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(fd_, raw, size) == 0);
    REQUIRE(::getsockname(fd_, raw, &size) == 0);
    REQUIRE(::listen(fd_, 8) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, treat = std::move(treat)] { serve(treat); });
  }
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;
  ~HostileServer() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }

  std::int64_t port() const { return port_; }
  std::string name() const { return "127.0.0.1 port " + std::to_string(port_); }

 private:
  void serve(const std::function<void(const Caller&)>& treat) const {
    for (;;) {
      const int peer = ::accept(fd_, nullptr, nullptr);
      if (peer < 0) return;
      treat(Caller(peer));
      ::close(peer);
    }
  }

  int fd_;
  std::int64_t port_ = 0;
  std::thread thread_;
};

}  // namespace shoal::test
