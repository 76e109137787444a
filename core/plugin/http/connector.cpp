#include "plugin/http/connector.h"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <netdb.h>
#include <poll.h>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/error.h"
#include "plugin/http/failure.h"

namespace shoal::plugin {
namespace {

// A resolver that never answers must not collect threads without end.
constexpr int most_lookups = 16;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};
using Addresses = std::vector<Address>;

[[noreturn]] void fail(std::string_view act, std::string_view reason) {
  throw HttpFailure(CallStatus::retry, fmt::format("{}: {}", act, reason));
}

// Shared by the thread that looks up and the call that waits for it; either may go first.
struct Lookup {
  std::string host;
  std::string port;
  UniqueFd done{::eventfd(0, EFD_CLOEXEC)};

  std::mutex mutex;  // for what follows
  Addresses addresses;
  int fault = 0;  // of getaddrinfo

  void run(int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* found = nullptr;
    const int result = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);

    const std::lock_guard lock(mutex);
    fault = result;
    for (const auto* entry = found; entry != nullptr; entry = entry->ai_next) {
      auto& address = addresses.emplace_back();
      std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
      address.size = entry->ai_addrlen;
    }
    if (found != nullptr) ::freeaddrinfo(found);
  }
};

void run_apart(const std::shared_ptr<Lookup>& lookup,
               const std::shared_ptr<std::atomic<int>>& count) {
  if (count->fetch_add(1) >= most_lookups) {
    count->fetch_sub(1);
    fail("cannot resolve the name", "too many earlier lookups have not ended");
  }
  std::thread([lookup, count] {
    lookup->run(AI_ADDRCONFIG);
    ::eventfd_write(lookup->done.get(), 1);
    count->fetch_sub(1);
  }).detach();
}

Addresses resolve(const HttpTarget& target, const Patience& patience,
                  const std::shared_ptr<std::atomic<int>>& count) {
  const auto lookup = std::make_shared<Lookup>();
  lookup->host = target.host;
  lookup->port = std::to_string(target.port);
  lookup->run(AI_NUMERICHOST);
  if (lookup->fault == EAI_NONAME) {
    run_apart(lookup, count);
    patience.wait(lookup->done.get(), POLLIN);
  }
  const std::lock_guard lock(lookup->mutex);
  if (lookup->fault != 0) fail("cannot resolve the name", ::gai_strerror(lookup->fault));
  return lookup->addresses;
}

int pending_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

// One address, until `until`: 0 and a connected socket, or an errno value.
int connect_one(const Address& address, const Patience& patience, SteadyTime until,
                UniqueFd& socket) {
  const int family = address.get()->sa_family;
  socket.reset(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return errno;
  const int one = 1;
  if (family != AF_UNIX) {
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  if (::connect(socket.get(), address.get(), address.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!patience.wait_until(socket.get(), POLLOUT, until)) return ETIMEDOUT;
  return pending_error(socket.get());
}

// Each address may use its share of the time that is left, so that a silent first one leaves some
// for the next.
UniqueFd connect_any(const Addresses& addresses, const Patience& patience) {
  int error = ENOENT;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto share = patience.left() / static_cast<int>(addresses.size() - i);
    UniqueFd socket;
    error = connect_one(addresses[i], patience, patience.now() + share, socket);
    if (error == 0) return socket;
    patience.check();
  }
  fail("cannot connect", errno_text(error));
}

Address unix_address(const std::string& path) {
  Address address;
  auto* unix_socket = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.size() >= sizeof unix_socket->sun_path) {
    throw HttpFailure(CallStatus::config,
                      fmt::format("{}: expected a socket path of at most {} bytes", path,
                                  sizeof unix_socket->sun_path - 1));
  }
  unix_socket->sun_family = AF_UNIX;
  std::memcpy(unix_socket->sun_path, path.c_str(), path.size() + 1);
  address.size = sizeof(sockaddr_un);
  return address;
}

}  // namespace

UniqueFd Connector::connect(const HttpTarget& target, const Patience& patience) {
  patience.check();
  const auto addresses = target.socket_path.empty() ? resolve(target, patience, lookups_)
                                                    : Addresses{unix_address(target.socket_path)};
  return connect_any(addresses, patience);
}

}  // namespace shoal::plugin
