// The command line of `shoal zabbix-get` as values: flags as zabbix_get and go-zabbix-get have
// them. Stateless.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "common/zabbix/agent.h"

namespace shoal::zabbix_get {

// A command line that cannot be understood: exit code 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

enum class Format : std::uint8_t { value, sensu, json };

struct CommandLine {
  std::vector<std::string> keys;
  std::string host = "127.0.0.1";
  std::int64_t port = zabbix::default_port;
  std::chrono::seconds timeout{30};
  zabbix::Protocol protocol = zabbix::Protocol::plain;
  Format format = Format::value;
  std::string name;  // in the place of the key; empty: the key
  bool wants_help = false;
};

// Throws UsageError with what was expected. `words` are without the program's name.
CommandLine parse_command_line(const std::vector<std::string>& words);

std::string usage();

}  // namespace shoal::zabbix_get
