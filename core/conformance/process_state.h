// What a plugin shares with everybody in its process and must leave as it was: descriptors,
// threads, signals, environment, working directory, locale, floating point, limits. Belongs to the
// test's main thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "conformance/trial.h"

namespace shoal::conformance {

struct ProcessState {
  std::map<int, std::string> descriptors;  // what each leads to
  std::size_t threads = 0;
  std::string signals;  // handlers, and the mask of this thread
  std::vector<std::string> environment;
  std::string directory;  // and the umask
  std::string locale;
  std::string float_mode;
  std::string limits;  // timers and priority too

  static ProcessState now();
};

std::size_t thread_count();

// What `act` changed, as findings. Threads that end, end soon; they are waited for.
void compare_states(Trial& trial, const ProcessState& before, const std::string& act);

// Bytes on the heap, in all arenas; 0 when nobody counts them (under a sanitizer).
std::size_t heap_bytes();
std::size_t resident_bytes();

}  // namespace shoal::conformance
