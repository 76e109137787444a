// The small durable map that each job has: "shoal.state/1". One SQLite file for all jobs.
// Thread-safe; calls write to the disk and block.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace shoal::plugin {

class StateStore {
 public:
  // The file is opened at first use. One that is damaged is set aside and a fresh one begun, with a
  // line in the log.
  StateStore(std::string file, const Clock& clock);
  ~StateStore();

  // All throw Error: a key that is not 1 to 200 bytes, a job's megabyte exceeded, a disk that
  // fails.
  std::optional<std::string> get(std::string_view job, std::string_view key);
  // Durable when it returns.
  void put(std::string_view job, std::string_view key, std::string_view value);
  void remove(std::string_view job, std::string_view key);

 private:
  struct Tables;
  Tables& open();
  // What a job keeps under its other keys.
  static std::uint64_t bytes_beside(Tables& tables, std::string_view job, std::string_view key);

  const std::string file_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unique_ptr<Tables> tables_;
};

}  // namespace shoal::plugin
