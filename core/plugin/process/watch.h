// Whether a plugin's process holds more than a plugin needs: it is looked at from outside, after a
// call, so it need not help. What it leaks is named before it runs into the limits of its process,
// which tell nobody anything. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <sys/types.h>

#include "base/clock.h"

namespace shoal::plugin {

constexpr std::uint64_t default_memory_limit = 256'000'000;

// How much is not too much.
struct Allowance {
  std::uint64_t files = 200;
  std::uint64_t threads = 32;
  std::uint64_t processes = 32;  // in its group, itself included
  std::uint64_t memory_bytes = default_memory_limit;
  // Over each stretch of at least so long it may keep half a processor busy.
  std::chrono::milliseconds stretch{20'000};
};

class Watch {
 public:
  // `pid` leads a process group of its own and is not reaped while this lives.
  Watch(pid_t pid, const Allowance& allowance, SteadyTime now);

  // "holds 210 open files, more than 200: it leaks them"; empty if all is well, or cannot be seen.
  std::string look(SteadyTime now);

 private:
  std::string files_fault(std::uint64_t table_size) const;
  std::string processes_fault();
  std::string processor_fault(SteadyTime now);

  const pid_t pid_;
  const Allowance allowance_;
  std::uint64_t tasks_;  // of the whole machine when its group was last counted
  SteadyTime since_;
  std::chrono::nanoseconds used_;  // of a processor, until `since_`
};

}  // namespace shoal::plugin
