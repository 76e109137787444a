// One end of the socket between the agent and a plugin's process: whole frames in and out
// (docs/wire-protocol.md, "Frames"). Does not wait: it says what it would wait for. Not
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace shoal::plugin::wire {

constexpr std::size_t largest_frame = 16UL << 20;

class Channel {
 public:
  // `socket` becomes non-blocking.
  explicit Channel(UniqueFd socket);

  int fd() const { return socket_.get(); }

  // Queues a frame; throws WireError if it is larger than a frame may be.
  void send(std::string_view json);
  bool has_unsent() const { return !unsent_.empty(); }

  // Write, or read, what can be without waiting. False when the other side has gone; what it said
  // before can still be taken.
  bool flush();
  bool receive();
  // The next whole frame's JSON. Throws WireError for a length that no frame has.
  std::optional<std::string> take();

 private:
  UniqueFd socket_;
  std::string unsent_;
  std::string received_;
  std::size_t taken_ = 0;  // how much of `received_` has been handed out
};

// The two ends of a new socket. Throws std::system_error.
std::pair<UniqueFd, UniqueFd> open_socket_pair();

}  // namespace shoal::plugin::wire
