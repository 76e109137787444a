// The processes of this host, read anew each round from a mounted procfs. Knows nothing of the SDK.
// Not thread-safe; each instance reads for itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "process.h"

namespace shoal::procs {

class ProcessTable {
 public:
  explicit ProcessTable(std::string directory);

  // Calls `look` for each process there is. One that ends meanwhile is left out. Throws when
  // processes are hidden from us: then nothing can be counted.
  void each(const std::function<void(const Process&)>& look);

  // The effective user of a process; nothing if it has ended.
  std::optional<uid_t> user_of(const Process& process);

  // Seconds since the kernel started. Throws if /proc/uptime does not say.
  double uptime();

 private:
  std::optional<std::string_view> read(const std::string& name);

  std::string directory_;
  Units units_ = system_units();
  std::vector<char> buffer_;
};

}  // namespace shoal::procs
