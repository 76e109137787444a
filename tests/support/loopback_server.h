// A server on the loopback, for a check to meet what no real peer says: `serve` speaks with one
// connection after the other in a thread of its own, which ends with the object, silence or not.
#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

namespace shoal::test {

// False when the peer has gone.
inline bool say(int peer, std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// What comes next; empty when the peer has gone.
inline std::string hear(int peer) {
  std::array<char, 4096> chunk{};
  const auto got = ::recv(peer, chunk.data(), chunk.size(), 0);
  return {chunk.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

// What comes until `end` has come.
inline std::string hear_until(int peer, std::string_view end) {
  std::string heard;
  while (heard.find(end) == std::string::npos) {
    const auto more = hear(peer);
    if (more.empty()) break;
    heard += more;
  }
  return heard;
}

// Says nothing until the peer goes.
inline void hold(int peer) {
  while (!hear(peer).empty()) {
  }
}

class LoopbackServer {
 public:
  explicit LoopbackServer(std::function<void(int peer)> serve) : serve_(std::move(serve)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(listener_, raw, size) != 0 || ::getsockname(listener_, raw, &size) != 0 ||
        ::listen(listener_, 16) != 0) {
      throw std::system_error(errno, std::generic_category(), "listen on 127.0.0.1");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
      ::shutdown(listener_, SHUT_RDWR);
      if (peer_ >= 0) ::shutdown(peer_, SHUT_RDWR);
    }
    thread_.join();
    ::close(listener_);
  }

  std::int64_t port() const { return port_; }
  std::string name() const { return "127.0.0.1 port " + std::to_string(port_); }

 private:
  void run() {
    // A library that writes to a peer that has gone raises it.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (take_next()) {
      serve_(peer_);
      const std::lock_guard lock(mutex_);
      ::close(std::exchange(peer_, -1));
    }
  }

  bool take_next() {
    const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    peer_ = peer;
    if (is_over_ && peer >= 0) ::close(std::exchange(peer_, -1));
    return peer_ >= 0;
  }

  std::function<void(int)> serve_;
  std::mutex mutex_;
  bool is_over_ = false;
  int peer_ = -1;
  int listener_ = -1;
  std::int64_t port_ = 0;
  std::thread thread_;
};

}  // namespace shoal::test
