// A UDP server on the loopback, on a port and a thread of its own: what it says to each datagram is
// the test's choice.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

namespace shoal::test {

class UdpServer {
 public:
  // The datagrams to send back.
  using Answer = std::function<std::vector<std::string>(const std::string& heard)>;

  explicit UdpServer(Answer answer) : answer_(std::move(answer)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address_);
    auto* const raw = reinterpret_cast<sockaddr*>(&address_);
    ::bind(fd_, raw, size);
    ::getsockname(fd_, raw, &size);
    thread_ = std::thread([this] { serve(); });
  }
  UdpServer(const UdpServer&) = delete;
  UdpServer& operator=(const UdpServer&) = delete;
  // An empty datagram ends it.
  ~UdpServer() {
    ::sendto(fd_, "", 0, 0, reinterpret_cast<const sockaddr*>(&address_), sizeof(address_));
    thread_.join();
    ::close(fd_);
  }

  std::int64_t port() const { return ntohs(address_.sin_port); }

 private:
  void serve() {
    std::array<char, 4096> heard{};
    for (;;) {
      sockaddr_in from{};
      socklen_t size = sizeof(from);
      auto* const raw = reinterpret_cast<sockaddr*>(&from);
      const auto got = ::recvfrom(fd_, heard.data(), heard.size(), 0, raw, &size);
      if (got <= 0) return;
      for (const auto& said : answer_({heard.data(), static_cast<std::size_t>(got)})) {
        ::sendto(fd_, said.data(), said.size(), 0, raw, size);
      }
    }
  }

  Answer answer_;
  int fd_ = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address_{};
  std::thread thread_;
};

// A port of the loopback that nobody listens on.
inline std::int64_t deaf_udp_port() {
  return UdpServer([](const auto&) { return std::vector<std::string>(); }).port();
}

}  // namespace shoal::test
