#include "dialogue.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include <sys/socket.h>

#include "common/net/connection.h"

namespace shoal::ntp {
namespace {

using common::Address;
using common::Deadline;

constexpr int tries = 3;

class Socket {
 public:
  explicit Socket(const Address& peer)
      : fd_(::socket(peer.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    // Only the peer is heard, and whether it listens at all.
    is_good_ = fd_ >= 0 && ::connect(fd_, peer.get(), peer.size) == 0;
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool is_good() const { return is_good_; }
  int fd() const { return fd_; }

 private:
  int fd_;
  bool is_good_;
};

enum class Heard { answer, nothing, other, failure };

// The next datagram, if it comes before `end`.
Heard hear(const Socket& socket, const Dialogue& dialogue, Deadline::Clock::time_point end,
           const Deadline& deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Deadline::Clock::now());
  if (!common::wait_for(socket.fd(), POLLIN, left, deadline)) return Heard::nothing;
  std::array<char, 2048> datagram{};
  const auto size = ::recv(socket.fd(), datagram.data(), datagram.size(), 0);
  if (size < 0) return errno == EAGAIN || errno == EINTR ? Heard::other : Heard::failure;
  const bool is_taken = dialogue.take({datagram.data(), static_cast<std::size_t>(size)});
  return is_taken ? Heard::answer : Heard::other;
}

bool fail(std::string& fault) {
  fault = std::generic_category().message(errno);
  return false;
}

}  // namespace

bool converse(const Address& peer, const Dialogue& dialogue, const Deadline& deadline,
              std::string& fault) {
  const Socket socket(peer);
  if (!socket.is_good()) return fail(fault);
  bool has_heard_others = false;
  for (int left = tries; left > 0; --left) {
    const auto end = Deadline::Clock::now() + deadline.left() / left;
    const auto question = dialogue.ask();
    if (::send(socket.fd(), question.data(), question.size(), MSG_NOSIGNAL) < 0) return fail(fault);
    for (auto heard = Heard::other; heard != Heard::nothing;) {
      heard = hear(socket, dialogue, end, deadline);
      if (heard == Heard::answer) return true;
      if (heard == Heard::failure) return fail(fault);
      has_heard_others = has_heard_others || heard == Heard::other;
    }
  }
  fault = has_heard_others ? "no answer in time, only what is none" : "no answer in time";
  return false;
}

}  // namespace shoal::ntp
