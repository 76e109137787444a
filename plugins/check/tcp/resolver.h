// A name into addresses, within a deadline. getaddrinfo cannot be interrupted, so it runs in a
// thread of its own; one that does not come back is waited for again in the next round, so that a
// dead name server costs one thread. Not thread-safe; belongs to one instance.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "common/deadline.h"

namespace shoal::tcp {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

class Resolver {
 public:
  Resolver(std::string host, std::uint16_t port);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // In the order to try them. None: `fault` says why.
  std::vector<Address> resolve(const common::Deadline& deadline, std::string& fault);

 private:
  struct Lookup;

  std::string host_;
  std::string port_;
  std::shared_ptr<Lookup> lookup_;  // one that has not come back
};

}  // namespace shoal::tcp
