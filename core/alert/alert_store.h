// Keeps alert states, and each event until it is in the queue, so that neither a kill nor a power
// cut makes a change forgotten. docs/decisions/0014-alerts.md says why it is built so.
//
// One thread at a time, but for health(). Nothing is thrown because of what the disk does: what
// cannot be written is kept in memory and written when that works again; a damaged file is set
// aside.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "alert/alerts.h"
#include "alert/check_state.h"
#include "base/clock.h"
#include "record/record.h"

namespace shoal::store {
class StoreError;
}

namespace shoal::alert {

class AlertFile;

struct StoreHealth {
  std::string trouble;    // empty when all is well
  std::string set_aside;  // the name of the last file that was damaged
};

class AlertStore {
 public:
  AlertStore(std::string path, const Clock& clock);
  ~AlertStore();

  // What was saved, as far as it was not changed since.
  std::vector<CheckState> states() const;
  // Events that were saved and not marked as told, in their order.
  std::vector<record::Event> untold() const { return outbox_; }

  // Durable when it returns, unless there is trouble.
  void save(const Changes& changes);
  // These events are in the queue.
  void mark_told(std::span<const std::string> event_ids);

  // Thread-safe.
  StoreHealth health() const;

 private:
  bool open();
  void load();
  void write_all();
  template <class Act>
  bool attempt(Act act);
  void on_failure(const store::StoreError& error);

  const std::string path_;
  const Clock& clock_;
  std::unique_ptr<AlertFile> file_;
  bool is_loaded_ = false;
  std::map<std::string, CheckState> states_;
  std::vector<record::Event> outbox_;
  SteadyTime next_open_{};

  mutable std::mutex mutex_;
  StoreHealth health_;  // under the mutex
};

}  // namespace shoal::alert
