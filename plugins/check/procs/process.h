// One process of this host, as the kernel tells about it in /proc/PID. Knows nothing of the SDK.
// Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace shoal::procs {

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';     // R, S, D, Z, T, I, ...
  std::string name;     // at most 15 bytes, without its arguments
  std::string command;  // with its arguments, as ps shows it
  std::int64_t threads = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_bytes = 0;
  double cpu_seconds = 0;
  double started_seconds = 0;  // after the kernel
};

// How the kernel counts: ticks a second and bytes a page.
struct Units {
  double ticks_per_second;
  std::uint64_t page_bytes;
};
Units system_units();

// The text of /proc/PID/stat, without a command; nothing if it is not one.
std::optional<Process> parse_stat(std::string_view text, const Units& units);

// The text of /proc/PID/cmdline as ps shows it; kernel threads have none but "[name]".
std::string command_of(const Process& process, std::string_view cmdline);

// The effective user in the text of /proc/PID/status; nothing if it does not say.
std::optional<uid_t> parse_user(std::string_view status);

}  // namespace shoal::procs
