#include "plugin/wire/channel.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <utility>

#include <fmt/core.h>
#include <sys/socket.h>

#include "base/error.h"
#include "plugin/wire/messages.h"

namespace shoal::plugin::wire {
namespace {

constexpr std::size_t length_size = 4;
constexpr std::size_t smallest_frame = 2;

void append_length(std::string& bytes, std::size_t length) {
  for (unsigned shift = 32; shift > 0;) bytes += static_cast<char>(length >> (shift -= 8));
}

std::size_t length_at(std::string_view bytes) {
  std::size_t length = 0;
  for (const char byte : bytes.substr(0, length_size)) {
    length = length << 8 | static_cast<unsigned char>(byte);
  }
  return length;
}

bool would_wait(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

Channel::Channel(UniqueFd socket) : socket_(std::move(socket)) {
  const int flags = fcntl(socket_.get(), F_GETFL);
  if (flags < 0 || fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK) != 0) {
    throw_errno("make the plugin's socket non-blocking");
  }
}

void Channel::send(std::string_view json) {
  if (json.size() > largest_frame) {
    throw WireError(fmt::format("a frame of {} bytes is larger than the {} that may be sent",
                                json.size(), largest_frame));
  }
  append_length(unsent_, json.size());
  unsent_ += json;
}

bool Channel::flush() {
  std::size_t sent = 0;
  bool is_open = true;
  while (sent < unsent_.size()) {
    const auto count =
        ::send(socket_.get(), unsent_.data() + sent, unsent_.size() - sent, MSG_NOSIGNAL);
    if (count < 0) {
      is_open = would_wait(errno);
      break;
    }
    sent += static_cast<std::size_t>(count);
  }
  unsent_.erase(0, sent);
  return is_open;
}

bool Channel::receive() {
  std::array<char, 64 * 1024> buffer;
  while (received_.size() - taken_ <= largest_frame + length_size) {
    const auto count = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count == 0) return false;
    if (count < 0) return would_wait(errno);
    received_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return true;
}

std::optional<std::string> Channel::take() {
  const auto rest = std::string_view(received_).substr(taken_);
  if (rest.size() < length_size) return std::nullopt;
  const auto length = length_at(rest);
  if (length < smallest_frame || length > largest_frame) {
    throw WireError(fmt::format("a frame that says it has {} bytes", length));
  }
  if (rest.size() - length_size < length) return std::nullopt;
  std::string frame(rest.substr(length_size, length));
  taken_ += length_size + length;
  if (taken_ == received_.size()) {
    received_.clear();
    received_.shrink_to_fit();
    taken_ = 0;
  } else if (taken_ > largest_frame) {
    received_.erase(0, std::exchange(taken_, 0));
  }
  return frame;
}

std::pair<UniqueFd, UniqueFd> open_socket_pair() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw_errno("open a socket for a plugin");
  }
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace shoal::plugin::wire
