// One TCP or unix connection: opened, spoken to and listened to without ever waiting past a
// deadline. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/deadline.h"
#include "resolver.h"

namespace shoal::tcp {

enum class Result {
  good,
  refused,     // somebody said no
  timed_out,   // nobody said anything
  broken,      // it began well and then ended
  impossible,  // this host could not even try
};

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Tries the addresses in their order and divides the time among them. Anything but good: fault()
  // says why.
  Result open(const std::vector<Address>& addresses, const common::Deadline& deadline);

  Result send(std::string_view text, const common::Deadline& deadline);

  // Reads until `is_enough` of all that came so far, until the peer closes or `most_bytes` are
  // there (good in each case), or until the time is over.
  Result receive(const std::function<bool(std::string_view)>& is_enough, std::size_t most_bytes,
                 const common::Deadline& deadline);

  const std::string& received() const { return received_; }
  const std::string& fault() const { return fault_; }

 private:
  Result open_one(const Address& address, std::chrono::milliseconds patience,
                  const common::Deadline& deadline);
  Result fail(Result result, const std::string& reason);
  Result fail_with(int error);
  bool wait_for(short events, std::chrono::milliseconds patience,
                const common::Deadline& deadline) const;
  void close();

  int fd_ = -1;
  std::string received_;
  std::string fault_;
};

// The address of a unix socket. Throws shoal::Failure (SHOAL_CONFIG) when the path is too long.
Address unix_address(const std::string& path);

}  // namespace shoal::tcp
