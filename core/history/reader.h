// Reads the history, also while an agent writes it. Not thread-safe; make one where it is needed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/point.h"

namespace shoal::history {

class Reader {
 public:
  // Throws Error if there is no such file or it cannot be read.
  explicit Reader(const std::string& path);
  ~Reader();

  // The series of that name (series_name()) from `since` on; empty if there is none.
  std::optional<Series> series(std::string_view name, WallTime since);
  // The results of the check of that name, oldest first; empty if there is none.
  std::optional<std::vector<Result>> results(std::string_view name, WallTime since);
  // Events of all jobs, or of one ("check:web"), oldest first.
  std::vector<Transition> transitions(WallTime since, std::string_view job = {});

  // Of all series and checks, sorted.
  std::vector<std::string> names();
  // At most three that someone who wrote `name` may have meant: the nearest, then those that
  // contain it.
  std::vector<std::string> names_like(std::string_view name);

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace shoal::history
