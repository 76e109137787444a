#include "plugin/loopback_server.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <poll.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/error.h"

namespace shoal::test {
namespace {

UniqueFd listen_on(int family, const sockaddr* address, socklen_t size) {
  UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::bind(fd.get(), address, size) != 0) throw_errno("bind");
  if (::listen(fd.get(), 16) != 0) throw_errno("listen");
  return fd;
}

UniqueFd listen_on_loopback(std::uint16_t& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  UniqueFd fd = listen_on(AF_INET, raw, size);
  ::getsockname(fd.get(), raw, &size);
  port = ntohs(address.sin_port);
  return fd;
}

UniqueFd listen_on_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return listen_on(AF_UNIX, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

std::size_t body_size(std::string_view head) {
  constexpr std::string_view name = "Content-Length: ";
  const auto at = head.find(name);
  return at == std::string_view::npos ? 0 : std::stoul(std::string(head.substr(at + name.size())));
}

}  // namespace

std::string Peer::read_request() {
  std::array<char, 4096> buffer;
  for (;;) {
    const auto head_end = pending_.find("\r\n\r\n");
    const auto size = head_end == std::string::npos
                          ? std::string::npos
                          : head_end + 4 + body_size(pending_.substr(0, head_end));
    if (pending_.size() >= size) {
      auto request = pending_.substr(0, size);
      pending_.erase(0, size);
      return request;
    }
    const auto count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) return {};
    pending_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

bool Peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void Peer::wait_for_end() {
  std::array<char, 4096> buffer;
  while (::recv(fd_.get(), buffer.data(), buffer.size(), 0) > 0) {
  }
}

void Peer::reset() {
  const linger now{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  fd_.reset();
}

LoopbackServer::LoopbackServer(Script script, const std::string& socket_path)
    : listener_(socket_path.empty() ? listen_on_loopback(port_) : listen_on_path(socket_path)),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      thread_([this, script = std::move(script)] { serve(script); }) {}

LoopbackServer::~LoopbackServer() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

std::string LoopbackServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

void LoopbackServer::serve(const Script& script) {
  for (int connection = 0;; ++connection) {
    std::array<pollfd, 2> entries{{{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
    ::poll(entries.data(), entries.size(), -1);
    if (entries[1].revents != 0) return;
    Peer peer(UniqueFd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
    script(peer, connection);
  }
}

}  // namespace shoal::test
