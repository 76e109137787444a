#include "common/net/endpoint.h"

#include <utility>

#include <shoal/plugin.hpp>

namespace shoal::common {

Endpoint::Endpoint(std::string host, std::int64_t port, std::string socket)
    : host_(std::move(host)),
      port_(port),
      socket_(std::move(socket)),
      resolver_(host_, static_cast<std::uint16_t>(port_)) {
  if (!socket_.empty()) unix_address(socket_);
}

Endpoint::Endpoint(const Options& options, std::int64_t default_port)
    : Endpoint(options.text("/host", "localhost"), options.integer("/port", default_port),
               options.text("/socket")) {}

std::vector<Address> Endpoint::addresses(const Deadline& deadline) {
  if (!socket_.empty()) return {unix_address(socket_)};
  return resolver_.resolve(deadline, fault_);
}

Result Endpoint::open(Connection& connection, const Deadline& deadline) {
  const auto found = addresses(deadline);
  if (found.empty()) return Result::broken;
  const auto result = connection.open(found, deadline);
  fault_ = connection.fault();
  return result;
}

std::string Endpoint::name() const {
  return socket_.empty() ? host_ + " port " + std::to_string(port_) : socket_;
}

CheckVerdict failure_at(const Endpoint& endpoint, Result result, const std::string& fault,
                        std::uint32_t error_status) {
  const bool is_own_fault = result == Result::impossible;
  return {is_own_fault ? std::uint32_t{SHOAL_CHECK_UNKNOWN} : error_status,
          endpoint.name() + ": " + fault};
}

}  // namespace shoal::common
