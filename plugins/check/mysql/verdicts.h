// What the rows of a server come to. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session.h"

namespace shoal::mysql {

// The number in the column "Value" of the one row; nothing if it is anything else.
std::optional<double> number_in(const std::vector<Row>& rows);

// One source of a replica: as the columns of SHOW REPLICA STATUS say, in old words and new.
struct Replication {
  bool is_running = false;
  std::optional<double> seconds_behind;
  std::string words;  // "connection "east": IO thread "Connecting", SQL thread "Yes": no route"
};
Replication replication_of(const Row& row);

}  // namespace shoal::mysql
