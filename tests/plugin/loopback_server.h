// A server on the loopback address for tests: a thread that hands each connection to a script,
// one after another. What a script writes is what goes over the wire.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/unique_fd.h"

namespace shoal::test {

// The server's end of one connection. Blocking.
class Peer {
 public:
  explicit Peer(UniqueFd fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }
  // The next request's head and body (by its Content-Length); empty at the end.
  std::string read_request();
  // False once the client is gone.
  bool write(std::string_view bytes);
  // Waits until the client closes.
  void wait_for_end();
  // Closes with RST instead of FIN.
  void reset();
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
  std::string pending_;
};

// What a script saw, told to the test's own thread, which waits for it.
class Sighting {
 public:
  void set(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
    is_set_.notify_all();
  }
  // Empty if nothing comes within ten seconds.
  std::string get() const {
    std::unique_lock lock(mutex_);
    is_set_.wait_for(lock, std::chrono::seconds(10), [&] { return text_.has_value(); });
    return text_.value_or("");
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable is_set_;
  std::optional<std::string> text_;
};

class LoopbackServer {
 public:
  using Script = std::function<void(Peer& peer, int connection)>;  // connections count from 0

  // Listens on 127.0.0.1, or on a unix socket if `socket_path` is given.
  explicit LoopbackServer(Script script, const std::string& socket_path = {});
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const;

 private:
  void serve(const Script& script);

  std::uint16_t port_ = 0;
  UniqueFd listener_;
  UniqueFd stop_;
  std::thread thread_;
};

}  // namespace shoal::test
