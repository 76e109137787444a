#include "connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/un.h>

namespace shoal::tcp {
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

}  // namespace

Connection::~Connection() {
  close();
}

void Connection::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result Connection::fail(Result result, const std::string& reason) {
  fault_ = reason;
  return result;
}

Result Connection::fail_with(int error) {
  return fail(result_of(error), std::generic_category().message(error));
}

Result Connection::open(const std::vector<Address>& addresses, const common::Deadline& deadline) {
  auto result = Result::impossible;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    result = open_one(addresses[i], deadline.left() / (addresses.size() - i), deadline);
    if (result == Result::good) return result;
    close();
  }
  return result;
}

Result Connection::open_one(const Address& address, std::chrono::milliseconds patience,
                            const common::Deadline& deadline) {
  fd_ = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return fail_with(errno);
  if (::connect(fd_, address.get(), address.size) == 0) return Result::good;
  // A unix socket whose queue is full cannot be waited for.
  if (errno != EINPROGRESS) return fail_with(errno);
  if (!wait_for(POLLOUT, patience, deadline)) return fail(Result::timed_out, "no answer in time");
  int error = 0;
  socklen_t size = sizeof(error);
  ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? Result::good : fail_with(error);
}

Result Connection::send(std::string_view text, const common::Deadline& deadline) {
  while (!text.empty()) {
    const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      return fail_with(errno);
    } else if (!wait_for(POLLOUT, deadline.left(), deadline)) {
      return fail(Result::timed_out, "it takes no more");
    }
  }
  return Result::good;
}

Result Connection::receive(const std::function<bool(std::string_view)>& is_enough,
                           std::size_t most_bytes, const common::Deadline& deadline) {
  std::array<char, 4096> chunk{};
  while (received_.size() < most_bytes) {
    const auto wanted = std::min(chunk.size(), most_bytes - received_.size());
    const auto got = ::recv(fd_, chunk.data(), wanted, 0);
    if (got == 0) return Result::good;
    if (got > 0) {
      received_.append(chunk.data(), static_cast<std::size_t>(got));
      if (is_enough(received_)) return Result::good;
    } else if (errno != EAGAIN && errno != EINTR) {
      return fail_with(errno);
    } else if (!wait_for(POLLIN, deadline.left(), deadline)) {
      return fail(Result::timed_out, "no more came in time");
    }
  }
  return Result::good;
}

bool Connection::wait_for(short events, std::chrono::milliseconds patience,
                          const common::Deadline& deadline) const {
  const auto end = common::Deadline::Clock::now() + patience;
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - common::Deadline::Clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{fd_, events, 0};
    if (::poll(&waiting, 1, static_cast<int>(std::min(left, cancel_interval).count())) > 0) {
      return true;
    }
    deadline.throw_if_cancelled();
  }
}

Address unix_address(const std::string& path) {
  sockaddr_un raw{};
  if (path.size() >= sizeof(raw.sun_path)) {
    throw Failure("option socket: expected at most " + std::to_string(sizeof(raw.sun_path) - 1) +
                      " bytes, found \"" + path + "\"",
                  SHOAL_CONFIG);
  }
  raw.sun_family = AF_UNIX;
  std::memcpy(raw.sun_path, path.data(), path.size());
  Address address;
  std::memcpy(&address.storage, &raw, sizeof(raw));
  address.size = sizeof(raw);
  return address;
}

}  // namespace shoal::tcp
