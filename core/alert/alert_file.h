// The file of alert states and of events that were made but are not in the queue yet. Private to
// the alert stage; not thread-safe. Everything throws store::StoreError.
#pragma once

#include <string>
#include <vector>

#include "alert/check_state.h"
#include "record/record.h"
#include "store/database.h"

namespace shoal::alert {

class AlertFile {
 public:
  // Opens or creates it.
  explicit AlertFile(const std::string& path);

  std::vector<CheckState> states();
  // Oldest first.
  std::vector<record::Event> untold();

  // These belong into a transaction.
  void clear();
  void put(const CheckState& state);
  void remove(const std::string& name);
  void put(const record::Event& event);
  void mark_told(const std::string& event_id);

  store::Database& database() { return database_; }

 private:
  store::Database database_;
  store::Statement put_state_;
  store::Statement remove_state_;
  store::Statement put_event_;
  store::Statement remove_event_;
};

}  // namespace shoal::alert
