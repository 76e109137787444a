// A command that runs as if nobody stood in between: our standard input, what it prints goes where
// ours goes, and signals are handed on. What it printed last is remembered. Blocks; for the command
// line.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace shoal::agent {

struct PassedThrough {
  bool has_started = false;  // else there is no such program, or it may not be run
  int exit_code = 0;   // as a shell says it: 128 and the signal, 127 not found, 126 not executable
  std::string error;   // "exit status 3", "signal: killed", "timed out after 10s"; empty: all well
  std::string output;  // the end of what it printed on both outputs
  std::size_t left_out_bytes = 0;  // of what came before that
};

// `timeout`: then it is ended, TERM first and KILL ten seconds later. `log_fd` gets a copy of what
// it prints; -1: none. What the command leaves behind in the background is not waited for.
PassedThrough run_passed_through(const std::vector<std::string>& words,
                                 std::optional<std::chrono::milliseconds> timeout, int log_fd);

}  // namespace shoal::agent
