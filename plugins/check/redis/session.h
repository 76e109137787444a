// Commands to Redis and its answers over a Connection, put into words and read by hiredis. Answers
// are bounded, and none of those expected here is a list. Knows nothing of the SDK. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "common/net/connection.h"

struct redisReader;

namespace shoal::redis {

struct Reply {
  bool is_error = false;
  std::string text;  // of an error without the "-"
};

class Session {
 public:
  static constexpr std::size_t most_bytes = std::size_t{256} * 1024;  // of all answers

  explicit Session(common::Connection& connection);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Sends one command and reads its answer. Anything but good: fault() says why.
  common::Result ask(const std::vector<std::string>& words, Reply& reply,
                     const common::Deadline& deadline);
  const std::string& fault() const { return fault_; }

 private:
  common::Result read(const common::Deadline& deadline);
  common::Result broken(const std::string& fault);

  common::Connection& connection_;
  std::unique_ptr<redisReader, void (*)(redisReader*)> reader_;
  std::size_t received_ = 0;
  Reply reply_;
  std::string fault_;
};

}  // namespace shoal::redis
