#include "common/net/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace shoal::common {
namespace {

constexpr std::chrono::milliseconds cancel_interval{100};

Result result_of(int error) {
  switch (error) {
    case ECONNREFUSED:
    case ENOENT:  // no unix socket there
      return Result::refused;
    case ETIMEDOUT:
      return Result::timed_out;
    case ECONNRESET:
    case EPIPE:
    case EHOSTUNREACH:
    case ENETUNREACH:
      return Result::broken;
    default:
      return Result::impossible;
  }
}

std::string words_of(int error) {
  return std::generic_category().message(error);
}

Transfer transfer_of(ssize_t moved, short wanted) {
  if (moved >= 0) return {static_cast<std::size_t>(moved), 0, {}};
  if (errno == EAGAIN || errno == EINTR) return {0, wanted, {}};
  return {0, 0, words_of(errno)};
}

}  // namespace

bool wait_for(int fd, short events, std::chrono::milliseconds patience, const Deadline& deadline) {
  const auto end = Deadline::Clock::now() + patience;
  for (;;) {
    deadline.throw_if_cancelled();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Deadline::Clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{fd, events, 0};
    if (::poll(&waiting, 1, static_cast<int>(std::min(left, cancel_interval).count())) > 0) {
      return true;
    }
  }
}

Connection::~Connection() {
  close();
}

void Connection::close() {
  layer_.reset();
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result Connection::fail(Result result, const std::string& reason) {
  fault_ = reason;
  return result;
}

Result Connection::fail_with(int error) {
  return fail(result_of(error), words_of(error));
}

Result Connection::open(const std::vector<Address>& addresses, const Deadline& deadline) {
  auto result = Result::impossible;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    result = open_one(addresses[i], deadline.left() / (addresses.size() - i), deadline);
    if (result == Result::good) return result;
    close();
  }
  return result;
}

Result Connection::open_one(const Address& address, std::chrono::milliseconds patience,
                            const Deadline& deadline) {
  fd_ = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return fail_with(errno);
  if (::connect(fd_, address.get(), address.size) == 0) return Result::good;
  // A unix socket whose queue is full cannot be waited for.
  if (errno == EAGAIN && address.family() == AF_UNIX) {
    return fail(Result::timed_out, "it takes no more connections");
  }
  if (errno != EINPROGRESS) return fail_with(errno);
  if (!wait_for(fd_, POLLOUT, patience, deadline)) {
    return fail(Result::timed_out, "no answer in time");
  }
  int error = 0;
  socklen_t size = sizeof(error);
  ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? Result::good : fail_with(error);
}

Result Connection::secure(std::unique_ptr<Layer> layer, const Deadline& deadline) {
  received_.clear();
  layer_ = std::move(layer);
  for (;;) {
    const auto step = layer_->agree(fd_);
    if (!step.fault.empty()) return fail(Result::broken, step.fault);
    if (step.wanted == 0) return Result::good;
    if (!wait_for(fd_, step.wanted, deadline.left(), deadline)) {
      return fail(Result::timed_out, "no handshake in time");
    }
  }
}

Transfer Connection::read(char* data, std::size_t size) {
  return layer_ ? layer_->read(data, size) : transfer_of(::recv(fd_, data, size, 0), POLLIN);
}

Transfer Connection::write(std::string_view text) {
  return layer_ ? layer_->write(text)
                : transfer_of(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL), POLLOUT);
}

Result Connection::send(std::string_view text, const Deadline& deadline) {
  while (!text.empty()) {
    const auto step = write(text);
    text.remove_prefix(step.bytes);
    if (!step.fault.empty()) return fail(Result::broken, step.fault);
    if (step.bytes == 0 && step.wanted == 0) {
      return fail(Result::broken, "the peer closed the connection");
    }
    if (step.wanted != 0 && !wait_for(fd_, step.wanted, deadline.left(), deadline)) {
      return fail(Result::timed_out, "it takes no more");
    }
  }
  return Result::good;
}

Result Connection::receive(const std::function<bool(std::string_view)>& is_enough,
                           std::size_t most_bytes, const Deadline& deadline) {
  std::array<char, 4096> chunk{};
  while (received_.size() < most_bytes && !is_enough(received_)) {
    // A peer that never stops must not outlast the round or the deadline either.
    deadline.throw_if_cancelled();
    if (deadline.has_passed()) return fail(Result::timed_out, "no more came in time");
    const auto step = read(chunk.data(), std::min(chunk.size(), most_bytes - received_.size()));
    if (!step.fault.empty()) return fail(Result::broken, step.fault);
    if (step.wanted == 0 && step.bytes == 0) return Result::good;
    received_.append(chunk.data(), step.bytes);
    if (step.wanted != 0 && !wait_for(fd_, step.wanted, deadline.left(), deadline)) {
      return fail(Result::timed_out, "no more came in time");
    }
  }
  return Result::good;
}

Result Connection::receive_line(std::string& line, std::size_t most_bytes,
                                const Deadline& deadline) {
  const auto has_line = [](std::string_view text) { return text.find('\n') != text.npos; };
  const auto result = receive(has_line, most_bytes, deadline);
  if (result != Result::good) return result;
  const auto end = received_.find('\n');
  if (end == std::string::npos) {
    return fail(Result::broken, received_.size() < most_bytes
                                    ? "the peer closed the connection"
                                    : "expected a line, found " + std::to_string(received_.size()) +
                                          " bytes without an end");
  }
  line = take(end + 1);
  line.resize(line.size() - (line.ends_with("\r\n") ? 2 : 1));
  return result;
}

std::string Connection::take(std::size_t bytes) {
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, bytes);
  return taken;
}

}  // namespace shoal::common
