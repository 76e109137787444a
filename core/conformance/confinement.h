// Runs one test in a process of its own: forked, in a process group of its own, with its two
// outputs captured and an end to patience. The caller has one thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace shoal::conformance {

struct Ending {
  std::optional<int> exit_code;  // empty: ended by a signal, or not at all
  int signal = 0;
  bool is_timeout = false;
  std::string output;  // the first of what was written to standard output
  std::string errors;
};

// Whatever the test leaves running is killed.
Ending run_confined(const std::function<void()>& body, std::chrono::milliseconds patience);

}  // namespace shoal::conformance
