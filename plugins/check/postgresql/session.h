// One connection to a PostgreSQL server through libpq, without ever waiting past a deadline or
// taking in more than a bound. Knows nothing of the SDK's options. Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "common/deadline.h"
#include "common/net/connection.h"
#include "connection_string.h"

struct pg_conn;
struct pg_result;

namespace shoal::postgresql {

// What a query came to: one row, and a column without a value is "NULL".
struct Answer {
  common::Result result = common::Result::good;
  std::vector<std::string> row;
  std::string fault;
};

class Session {
 public:
  // Tries the addresses in their order and divides the time among them, until one takes the
  // connection. Anything but good: fault() says why.
  common::Result open(const Settings& settings, const std::vector<common::Address>& addresses,
                      const common::Deadline& deadline);

  // Runs the query, read-only, in a transaction of its own. Its result is impossible when the
  // server says that the query itself is at fault.
  Answer ask(const std::string& query, const common::Deadline& deadline);

  const std::string& fault() const { return fault_; }

 private:
  common::Result open_one(const Settings& settings, const common::Address& address,
                          std::chrono::milliseconds patience, const common::Deadline& deadline);
  common::Result connect(std::chrono::milliseconds patience, const common::Deadline& deadline);
  common::Result send(const std::string& text, const common::Deadline& deadline);
  common::Result receive(const common::Deadline& deadline);
  bool wait(short events, std::chrono::milliseconds patience, const common::Deadline& deadline);
  bool is_within_bound();
  common::Result fail(common::Result result, const std::string& reason);
  common::Result fail_as_told(common::Result result);

  std::unique_ptr<pg_conn, void (*)(pg_conn*)> connection_{nullptr, [](pg_conn*) {}};
  bool is_taken_ = false;     // somebody took the connection
  std::size_t received_ = 0;  // bytes, at least
  std::string fault_;
};

}  // namespace shoal::postgresql
