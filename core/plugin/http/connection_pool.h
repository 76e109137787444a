// Keeps connections open between requests: a few, each for the same way to the same server, until
// nobody used it for a while. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "plugin/http/channel.h"

namespace shoal::plugin {

class ConnectionPool {
 public:
  static constexpr std::size_t most = 4;
  static constexpr std::chrono::seconds longest_idle{90};

  // An idle connection for `key`, or null. Closes those that idled too long or that the peer
  // closed.
  std::unique_ptr<Channel> take(const std::string& key, SteadyTime now);
  // The longest idle one gives way if there are too many.
  void put(const std::string& key, std::unique_ptr<Channel> channel, SteadyTime now);

 private:
  struct Entry {
    std::string key;
    std::unique_ptr<Channel> channel;
    SteadyTime idle_since;
  };

  std::mutex mutex_;
  std::vector<Entry> entries_;  // longest idle first
};

}  // namespace shoal::plugin
