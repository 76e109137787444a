// A Zabbix agent that is asked for the values of items, one connection for each, a few at a time,
// within a deadline. Not thread-safe; belongs to one instance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/net/endpoint.h"
#include "common/zabbix/answer.h"

namespace shoal::zabbix {

constexpr std::int64_t default_port = 10050;

class Agent {
 public:
  // A value of more than `most_value` bytes is damaged.
  Agent(std::string host, std::int64_t port, Protocol protocol,
        std::size_t most_value = most_payload);
  // The options "host" (127.0.0.1), "port" and "protocol" of a plugin, which holds all values at
  // once and has no use for one of more than 64 KiB.
  explicit Agent(const Options& options);

  // One answer for each key, in their order. A slow item does not hold up those behind it. Throws
  // the Failure of a cancelled round.
  std::vector<Answer> ask(const std::vector<std::string>& keys, const common::Deadline& deadline);

  // "127.0.0.1 port 10050".
  std::string name() const { return endpoint_.name(); }

 private:
  common::Endpoint endpoint_;
  Protocol protocol_;
  std::size_t most_value_;
};

// "KEY: not supported: ...; KEY: ...": those that are no values. What is wrong with the connection
// and so with all of them is said once, without the keys. At most three, and how many more.
std::string faults_of(const std::vector<std::string>& keys, const std::vector<Answer>& answers);

}  // namespace shoal::zabbix
