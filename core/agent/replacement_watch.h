// Looks now and then whether this program's file was replaced by a newer one or removed, and tells
// the process to stop then, as SIGINT would: whoever supervises it starts the new one. A thread of
// its own; signals must be blocked when it is made.
#pragma once

#include <chrono>
#include <string>
#include <thread>

namespace shoal::agent {

class ReplacementWatch {
 public:
  explicit ReplacementWatch(std::chrono::milliseconds interval = std::chrono::seconds(10));

 private:
  std::jthread thread_;
};

}  // namespace shoal::agent
