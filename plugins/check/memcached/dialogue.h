// Setting and getting one key in memcached's text protocol, over a Connection. Knows nothing of the
// SDK. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "common/net/connection.h"

namespace shoal::memcached {

class Dialogue {
 public:
  Dialogue(common::Connection& connection, const common::Deadline& deadline)
      : connection_(connection), deadline_(deadline) {}

  // Anything but good: fault() says why. `key` is without blanks, `value` without line ends.
  common::Result set(const std::string& key, const std::string& value, int expires_s);
  // Good when it holds the value.
  common::Result expect(const std::string& key, const std::string& value);
  const std::string& fault() const { return fault_; }

 private:
  common::Result ask(std::string_view command);
  common::Result read_line();
  common::Result unexpected(const char* command, const std::string& expected);

  common::Connection& connection_;
  const common::Deadline& deadline_;
  std::string line_;
  std::string fault_;
};

}  // namespace shoal::memcached
