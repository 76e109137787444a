// The durable map of every job, in one SQLite file. Thread-safe; calls write to the disk and block.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "plugin/state.h"

namespace shoal::plugin {

class StateStore final : public State {
 public:
  // The file is opened at first use. One that is damaged is set aside and a fresh one begun, with a
  // line in the log.
  StateStore(std::string file, const Clock& clock);
  ~StateStore() override;

  std::optional<std::string> get(std::string_view job, std::string_view key) override;
  void put(std::string_view job, std::string_view key, std::string_view value) override;
  void remove(std::string_view job, std::string_view key) override;

  // Takes over what `job` keeps in the file of another store, which is only read; nothing if there
  // is no such file. Throws Error if it cannot be read.
  void adopt(const std::string& other_file, std::string_view job);

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
