#include "icmp_socket.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "common/net/connection.h"

namespace shoal::ping {
namespace {

using common::Address;
using common::Deadline;

constexpr auto not_allowed =
    "may not send ICMP: expected its group in net.ipv4.ping_group_range, or CAP_NET_RAW";

Outcome outcome_of(int error) {
  switch (error) {
    case ECONNREFUSED:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENOBUFS:
    case ENOPROTOOPT:
    case ETIMEDOUT:
      return Outcome::lost;
    default:
      return Outcome::impossible;
  }
}

Trip failed_with(int error) {
  return {outcome_of(error), {}, std::generic_category().message(error)};
}

int open_socket(const Address& address, int kind) {
  const int protocol = address.family() == AF_INET6 ? int{IPPROTO_ICMPV6} : int{IPPROTO_ICMP};
  return ::socket(address.family(), kind | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

}  // namespace

IcmpSocket::~IcmpSocket() {
  ::close(fd_);
}

Trip IcmpSocket::read(const Echo& echo) const {
  std::array<char, 2048> packet{};
  const auto size = ::recv(fd_, packet.data(), packet.size(), 0);
  if (size < 0) return errno == EAGAIN || errno == EINTR ? Trip{} : failed_with(errno);
  const std::string_view text(packet.data(), static_cast<std::size_t>(size));
  return {is_reply_to(echo, text, wire_) ? Outcome::replied : Outcome::lost, {}, {}};
}

Trip IcmpSocket::exchange(const Echo& echo, std::chrono::milliseconds patience,
                          const Deadline& deadline) const {
  const auto request = request_of(echo, wire_);
  const auto began = Deadline::Clock::now();
  if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) < 0) return failed_with(errno);
  for (;;) {
    const auto waited = Deadline::Clock::now() - began;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(patience - waited);
    if (!common::wait_for(fd_, POLLIN, left, deadline)) return {};
    auto trip = read(echo);
    trip.time = Deadline::Clock::now() - began;
    if (trip.outcome != Outcome::lost || !trip.fault.empty()) return trip;
  }
}

std::unique_ptr<IcmpSocket> open_icmp(const Address& address, Trip& failed) {
  Wire wire{address.family() == AF_INET6, false};
  int fd = open_socket(address, SOCK_DGRAM);
  if (fd < 0) {
    wire.is_raw = true;
    fd = open_socket(address, SOCK_RAW);
  }
  if (fd < 0) {
    const bool is_forbidden = errno == EPERM || errno == EACCES;
    failed = is_forbidden ? Trip{Outcome::impossible, {}, not_allowed} : failed_with(errno);
    return nullptr;
  }
  auto socket = std::make_unique<IcmpSocket>(fd, wire);
  // So that nothing comes from elsewhere.
  if (::connect(fd, address.get(), address.size) == 0) return socket;
  failed = failed_with(errno);
  return nullptr;
}

}  // namespace shoal::ping
