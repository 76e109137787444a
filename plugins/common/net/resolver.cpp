#include "common/net/resolver.h"

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <netdb.h>
#include <thread>
#include <utility>

namespace shoal::common {
namespace {

constexpr std::chrono::milliseconds cancel_interval{100};

int look_up(const std::string& host, const std::string& port, int flags,
            std::vector<Address>& addresses) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int fault = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  for (const auto* entry = found; entry != nullptr; entry = entry->ai_next) {
    auto& address = addresses.emplace_back();
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.size = entry->ai_addrlen;
  }
  if (found != nullptr) freeaddrinfo(found);
  return fault;
}

}  // namespace

// Shared by the thread that looks up and the round that waits; either may go first.
struct Resolver::Lookup {
  std::mutex mutex;
  std::condition_variable done;
  bool is_done = false;
  int fault = 0;
  std::vector<Address> addresses;
  std::thread thread;

  void run(const std::string& host, const std::string& port) {
    std::vector<Address> found;
    const int result = look_up(host, port, AI_ADDRCONFIG, found);
    const std::lock_guard lock(mutex);
    fault = result;
    addresses = std::move(found);
    is_done = true;
    done.notify_all();
  }

  bool wait(const Deadline& deadline) {
    std::unique_lock lock(mutex);
    while (!is_done && !deadline.has_passed()) {
      done.wait_for(lock, std::min(deadline.left(), cancel_interval));
      deadline.throw_if_cancelled();
    }
    return is_done;
  }
};

Resolver::Resolver(std::string host, std::uint16_t port)
    : host_(std::move(host)), port_(std::to_string(port)) {}
Resolver::~Resolver() {
  if (lookup_) lookup_->thread.detach();
}

std::vector<Address> Resolver::resolve(const Deadline& deadline, std::string& fault) {
  std::vector<Address> numeric;
  if (look_up(host_, port_, AI_NUMERICHOST | AI_NUMERICSERV, numeric) == 0) return numeric;

  if (!lookup_) {
    const auto lookup = std::make_shared<Lookup>();
    lookup->thread = std::thread([lookup, host = host_, port = port_] { lookup->run(host, port); });
    lookup_ = lookup;
  }
  if (!lookup_->wait(deadline)) {
    fault = "cannot resolve the name: no answer in time";
    return {};
  }
  lookup_->thread.join();
  const auto answer = std::exchange(lookup_, nullptr);
  if (answer->fault != 0)
    fault = std::string("cannot resolve the name: ") + gai_strerror(answer->fault);
  return std::move(answer->addresses);
}

}  // namespace shoal::common
