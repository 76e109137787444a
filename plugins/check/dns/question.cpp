#include "question.h"

#include <algorithm>
#include <ares.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include <netinet/in.h>

#include "bounded_sockets.h"
#include "common/random.h"

namespace shoal::dns {
namespace {

using common::Address;
using common::Deadline;

constexpr std::chrono::milliseconds cancel_interval{100};
constexpr int internet_class = 1;

using Channel = std::unique_ptr<ares_channeldata, decltype(&ares_destroy)>;
using Packet = std::unique_ptr<unsigned char, decltype(&ares_free_string)>;

// The size stays 0 if it cannot be made.
Packet packet_of(const Question& question, std::uint16_t number, int& size) {
  unsigned char* made = nullptr;
  const int status =
      ares_create_query(question.name.c_str(), internet_class, question.type, number,
                        question.is_recursive ? 1 : 0, &made, &size, /*max_udp_size=*/0);
  if (status != ARES_SUCCESS) size = 0;
  return {made, &ares_free_string};
}

Channel open_channel(int flags, int option_mask, ares_options options) {
  options.flags = flags;
  ares_channel raw = nullptr;
  const int status = ares_init_options(&raw, &options, option_mask | ARES_OPT_FLAGS);
  return {status == ARES_SUCCESS ? raw : nullptr, &ares_destroy};
}

// Asks again after one second, then after two more, after four more.
Channel asking_channel() {
  std::array<char, 2> by_network{"b"};
  ares_options options{};
  options.timeout = 1000;
  options.tries = 4;
  options.lookups = by_network.data();
  // Whatever the code of the answer is, it is an answer.
  return open_channel(ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH,
                      ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS,
                      options);
}

ares_addr_port_node node_of(const Address& address) {
  ares_addr_port_node node{};
  node.family = address.family();
  if (node.family == AF_INET6) {
    sockaddr_in6 raw{};
    std::memcpy(&raw, &address.storage, sizeof(raw));
    std::memcpy(&node.addr.addr6, &raw.sin6_addr, sizeof(raw.sin6_addr));
    node.udp_port = ntohs(raw.sin6_port);
  } else {
    sockaddr_in raw{};
    std::memcpy(&raw, &address.storage, sizeof(raw));
    node.addr.addr4 = raw.sin_addr;
    node.udp_port = ntohs(raw.sin_port);
  }
  node.tcp_port = node.udp_port;
  return node;
}

Address address_of(const ares_addr_port_node& node, std::uint16_t port) {
  Address address;
  if (node.family == AF_INET6) {
    sockaddr_in6 raw{};
    raw.sin6_family = AF_INET6;
    raw.sin6_port = htons(port);
    std::memcpy(&raw.sin6_addr, &node.addr.addr6, sizeof(raw.sin6_addr));
    std::memcpy(&address.storage, &raw, sizeof(raw));
    address.size = sizeof(raw);
  } else {
    sockaddr_in raw{};
    raw.sin_family = AF_INET;
    raw.sin_port = htons(port);
    raw.sin_addr = node.addr.addr4;
    std::memcpy(&address.storage, &raw, sizeof(raw));
    address.size = sizeof(raw);
  }
  return address;
}

bool set_servers(ares_channel channel, const std::vector<Address>& servers) {
  std::vector<ares_addr_port_node> nodes;
  std::transform(servers.begin(), servers.end(), std::back_inserter(nodes), &node_of);
  for (std::size_t i = 1; i < nodes.size(); ++i) nodes[i - 1].next = &nodes[i];
  return ares_set_servers_ports(channel, nodes.data()) == ARES_SUCCESS;
}

// c-ares counts its tries while the deadline counts the time, so either may end it.
struct Progress {
  bool is_done = false;
  int status = ARES_ETIMEOUT;
  std::string message;
};

void take_answer(void* user, int status, int /*timeouts*/, unsigned char* data, int size) {
  auto& progress = *static_cast<Progress*>(user);
  if (progress.is_done) return;
  progress.is_done = true;
  progress.status = status;
  if (status == ARES_SUCCESS) {
    progress.message.assign(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  }
}

int patience_of(ares_channel channel, const Deadline& deadline) {
  const auto most = std::min(deadline.left(), cancel_interval);
  timeval limit{0, static_cast<suseconds_t>(most.count()) * 1000};
  timeval wanted{};
  const auto* const chosen = ares_timeout(channel, &limit, &wanted);
  // Up, so that it does not spin through the last millisecond.
  return static_cast<int>(chosen->tv_sec * 1000 + (chosen->tv_usec + 999) / 1000);
}

void step(ares_channel channel, const Deadline& deadline) {
  std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
  std::array<pollfd, ARES_GETSOCK_MAXNUM> waiting{};
  const auto wanted = static_cast<unsigned>(
      ares_getsock(channel, sockets.data(), static_cast<int>(sockets.size())));
  nfds_t count = 0;
  for (unsigned i = 0; i < sockets.size(); ++i) {
    const bool reads = ARES_GETSOCK_READABLE(wanted, i) != 0;
    const bool writes = ARES_GETSOCK_WRITABLE(wanted, i) != 0;
    if (!reads && !writes) continue;
    const auto events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
    waiting.at(count++) = {sockets.at(i), static_cast<short>(events), 0};
  }
  ::poll(waiting.data(), count, patience_of(channel, deadline));
  deadline.throw_if_cancelled();
  for (nfds_t i = 0; i < count; ++i) {
    const auto& one = waiting.at(i);
    const bool reads = (one.revents & ~POLLOUT) != 0;
    const bool writes = (one.revents & ~POLLIN) != 0;
    ares_process_fd(channel, reads ? one.fd : ARES_SOCKET_BAD, writes ? one.fd : ARES_SOCKET_BAD);
  }
  ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

Reply impossible(const char* fault) {
  return {Reply::Outcome::impossible, {}, fault};
}

Reply reply_of(Progress progress) {
  switch (progress.status) {
    case ARES_SUCCESS:
      return {Reply::Outcome::answered, std::move(progress.message), {}};
    case ARES_ETIMEOUT:
      return {Reply::Outcome::unanswered, {}, "no answer in time"};
    case ARES_ECONNREFUSED:
      return {Reply::Outcome::unanswered, {}, "nobody takes questions there"};
    case ARES_ENOMEM:
      return impossible(ares_strerror(progress.status));
    default:
      return {Reply::Outcome::unanswered, {}, ares_strerror(progress.status)};
  }
}

// Empty if it can be read. c-ares itself would go on as if the file named 127.0.0.1.
std::string why_unreadable(const std::string& path) {
  char first = 0;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const auto size = fd < 0 ? -1 : ::read(fd, &first, 1);
  const int error = errno;
  if (fd >= 0) ::close(fd);
  return size < 0 ? std::generic_category().message(error) : std::string();
}

}  // namespace

bool can_be_asked(const Question& question) {
  int size = 0;
  packet_of(question, 0, size);
  return size > 0;
}

Reply ask(const std::vector<Address>& servers, const Question& question, const Deadline& deadline) {
  int size = 0;
  // Hard to guess, so that nobody beside the path can answer.
  const auto packet = packet_of(question, common::random_number<std::uint16_t>(), size);
  if (size == 0) return impossible("the question cannot be written");
  // Both outlive the channel, whose end calls take_answer and closes sockets.
  Progress progress;
  BoundedSockets sockets;
  const auto channel = asking_channel();
  if (!channel || !set_servers(channel.get(), servers)) return impossible("c-ares does not start");

  sockets.serve(channel.get());
  ares_send(channel.get(), packet.get(), size, &take_answer, &progress);
  while (!progress.is_done && !deadline.has_passed()) {
    sockets.begin_step();
    step(channel.get(), deadline);
  }
  progress.is_done = true;
  return reply_of(std::move(progress));
}

std::optional<Address> system_server(std::uint16_t port, std::string& fault,
                                     const std::string& path) {
  fault = why_unreadable(path);
  if (!fault.empty()) return {};
  ares_options options{};
  auto own_path = path;
  options.resolvconf_path = own_path.data();
  const auto channel = open_channel(0, ARES_OPT_RESOLVCONF, options);
  ares_addr_port_node* servers = nullptr;
  if (channel) ares_get_servers_ports(channel.get(), &servers);
  if (servers == nullptr) {
    fault = "no name server";
    return {};
  }
  const auto first = address_of(*servers, port);
  ares_free_data(servers);
  return first;
}

}  // namespace shoal::dns
