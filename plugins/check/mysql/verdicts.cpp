#include "verdicts.h"

#include "common/thresholds.h"
#include "common/words.h"

namespace shoal::mysql {
namespace {

std::string value_in(const Row& row, const char* name, const char* old_name) {
  auto found = row.find(name);
  if (found == row.end()) found = row.find(old_name);
  return found == row.end() ? std::string() : found->second;
}

}  // namespace

std::optional<double> number_in(const std::vector<Row>& rows) {
  if (rows.size() != 1) return std::nullopt;
  return common::plain_number(value_in(rows.front(), "Value", "Value"));
}

Replication replication_of(const Row& row) {
  const auto io = value_in(row, "Replica_IO_Running", "Slave_IO_Running");
  const auto sql = value_in(row, "Replica_SQL_Running", "Slave_SQL_Running");
  Replication found;
  found.is_running = io == "Yes" && sql == "Yes";
  found.seconds_behind =
      common::plain_number(value_in(row, "Seconds_Behind_Source", "Seconds_Behind_Master"));
  const auto name = value_in(row, "Channel_Name", "Connection_name");
  if (!name.empty()) found.words = "connection " + common::quoted(name) + ": ";
  found.words += "IO thread " + common::quoted(io) + ", SQL thread " + common::quoted(sql);
  for (const auto* error : {"Last_IO_Error", "Last_SQL_Error"}) {
    const auto words = value_in(row, error, error);
    if (!words.empty()) found.words += ": " + common::first_line(words);
  }
  return found;
}

}  // namespace shoal::mysql
