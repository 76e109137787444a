// One connection to a MySQL or MariaDB server through libmariadb, without ever waiting past a
// deadline or taking in more than a bound. Knows nothing of the SDK's options. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/deadline.h"
#include "common/net/connection.h"

struct st_mysql;
struct st_mysql_res;

namespace shoal::mysql {

struct Settings {
  std::string host;  // whose certificate is expected
  unsigned port = 0;
  std::string socket;  // a unix socket in place of host and port, or empty
  std::string user;
  std::string password;
  std::string tls;  // "on", "off", or "auto": on, except on this host
  bool is_verified = true;
  std::string ca_file;    // empty: the system's
  bool has_roots = true;  // in ca_file, or the system's
};

// Column to value; one without a value is missing.
using Row = std::map<std::string, std::string>;

struct Answer {
  common::Result result = common::Result::good;  // impossible: the query is not allowed or unknown
  unsigned code = 0;                             // the server's error
  std::vector<Row> rows;
  std::string fault;
};

class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Tries the addresses in their order and divides the time among them, until one takes the
  // connection; where the certificate counts the library does so by name. Anything but good:
  // fault() says why.
  common::Result open(const Settings& settings, const std::vector<common::Address>& addresses,
                      const common::Deadline& deadline);
  Answer ask(const std::string& query, const common::Deadline& deadline);
  // Says goodbye, so that the server does not call the connection aborted.
  void close(const common::Deadline& deadline);

  const std::string& fault() const { return fault_; }

 private:
  using Resume = std::function<int(int happened)>;

  common::Result open_one(const Settings& settings, const common::Address& address,
                          std::size_t tries, const common::Deadline& deadline);
  void prepare(const Settings& settings, bool is_tls, bool is_plain_safe);
  common::Result drive(int wanted, const Resume& resume, std::chrono::milliseconds patience,
                       const common::Deadline& deadline);
  common::Result wait(int wanted, std::chrono::milliseconds patience,
                      const common::Deadline& deadline, int& happened);
  common::Result read_rows(st_mysql_res* rows, Answer& answer, const common::Deadline& deadline);
  void hang_up();
  common::Result fail(common::Result result, const std::string& reason);
  common::Result fail_as_told();

  st_mysql* connection_ = nullptr;
  bool is_taken_ = false;     // somebody took the connection
  bool is_lost_ = false;      // nothing may be said or heard any more
  std::size_t received_ = 0;  // bytes, at least
  std::string fault_;
};

}  // namespace shoal::mysql
