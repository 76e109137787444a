// What is known of each plugin process that died, a small JSON file each, in a directory of the
// agent's own; the oldest go first. Thread-safe: each function stands alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace shoal::plugin {

// Holds no secret of the configuration: who makes it masks them.
struct CrashReport {
  WallTime time;
  std::string job;      // "metric:nginx"
  std::string file;     // the plugin's
  std::string version;  // of the plugin, as its manifest says
  std::string cause;    // "ended by signal 11 (Segmentation fault) at nginx.so+0x1234"
  std::string during;   // "collect"; empty between calls
  int pid = 0;
  std::string module;  // the file in which a fault happened; empty if there was none
  std::uint64_t offset = 0;
  std::string build_id;  // of that file, in hex
  std::uint64_t address = 0;
  std::vector<std::string> last_lines;  // that it wrote or logged, oldest first
};

class CrashLog {
 public:
  // Made, for us alone, when there is something to keep.
  explicit CrashLog(std::string directory);

  // Keeps the report, and at most 100 of them. Throws Error when it cannot be written.
  void add(const CrashReport& report);

  struct Entry {
    std::string name;  // of its file, without ".json": "20260102T150405Z-metric-nginx"
    CrashReport report;
  };
  // Newest first; files that cannot be read are skipped.
  std::vector<Entry> list() const;

 private:
  void remove_oldest() const;

  const std::string directory_;
};

std::string to_json(const CrashReport& report);

// The build id of an ELF file, in hex; empty if it has none or cannot be read.
std::string build_id_of(const std::string& file);

}  // namespace shoal::plugin
