// Where a check connects to: the options "host" and "port", or "socket". Not thread-safe; belongs
// to one instance.
#pragma once

#include <cstdint>
#include <string>

#include "common/net/connection.h"
#include "common/net/resolver.h"

namespace shoal {
struct CheckVerdict;
class Options;
}  // namespace shoal

namespace shoal::common {

class Endpoint {
 public:
  // `socket`: a unix socket in place of host and port, or empty. Throws Failure (SHOAL_CONFIG) when
  // its path is too long.
  Endpoint(std::string host, std::int64_t port, std::string socket = {});
  // The options "host" (localhost), "port" and "socket".
  Endpoint(const Options& options, std::int64_t default_port);

  // Looks the name up and connects. Anything but good: fault() says why.
  Result open(Connection& connection, const Deadline& deadline);
  const std::string& fault() const { return fault_; }

  // The addresses alone, for libraries that connect for themselves. None: fault() says why.
  std::vector<Address> addresses(const Deadline& deadline);

  const std::string& host() const { return host_; }
  std::int64_t port() const { return port_; }
  const std::string& socket() const { return socket_; }
  // "127.0.0.1 port 22", or the path of the socket.
  std::string name() const;

 private:
  std::string host_;
  std::int64_t port_;
  std::string socket_;
  Resolver resolver_;
  std::string fault_;
};

// The verdict on an attempt there that went wrong: `error_status`, or UNKNOWN when this host could
// not even try.
CheckVerdict failure_at(const Endpoint& endpoint, Result result, const std::string& fault,
                        std::uint32_t error_status);

}  // namespace shoal::common
