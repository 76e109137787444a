// A name into addresses, within a deadline. getaddrinfo cannot be interrupted, so it runs in a
// thread of its own; one that does not come back is waited for again in the next round, so that a
// dead name server costs one thread. Not thread-safe; belongs to one instance.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/deadline.h"
#include "common/net/address.h"

namespace shoal::common {

class Resolver {
 public:
  Resolver(std::string host, std::uint16_t port);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // In the order to try them, each once; fit for TCP and UDP. None: `fault` says why.
  std::vector<Address> resolve(const Deadline& deadline, std::string& fault);

 private:
  struct Lookup;

  std::string host_;
  std::string port_;
  std::shared_ptr<Lookup> lookup_;  // one that has not come back
};

}  // namespace shoal::common
