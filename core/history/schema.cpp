#include "history/schema.h"

#include <fmt/format.h>

namespace shoal::history {
namespace {

constexpr std::int64_t schema_version = 2;

void create(store::Database& database) {
  database.execute(
      "BEGIN IMMEDIATE;"
      "CREATE TABLE series("
      "id INTEGER PRIMARY KEY, kind INTEGER, name TEXT, unit TEXT, last_ms INTEGER,"
      "UNIQUE(kind, name));"
      "CREATE TABLE points("
      "time_ms INTEGER, series INTEGER, value REAL, PRIMARY KEY(time_ms, series)) WITHOUT ROWID;"
      "CREATE TABLE averages("
      "time_ms INTEGER, series INTEGER, minimum REAL, maximum REAL, total REAL, count INTEGER,"
      "PRIMARY KEY(time_ms, series)) WITHOUT ROWID;"
      "CREATE TABLE results("
      "time_ms INTEGER, series INTEGER, status INTEGER, text TEXT,"
      "PRIMARY KEY(time_ms, series)) WITHOUT ROWID;"
      "CREATE TABLE events("
      "id INTEGER PRIMARY KEY, time_ms INTEGER, job TEXT, before INTEGER, after INTEGER,"
      "is_hard INTEGER, text TEXT);"
      "PRAGMA user_version = 1;"
      "COMMIT");
}

}  // namespace

void prepare_schema(store::Database& database) {
  const std::int64_t version = database.integer("PRAGMA user_version");
  if (version == schema_version) return;
  if (version > schema_version) {
    throw store::StoreError(store::Fault::damaged,
                            fmt::format("{}: expected layout {} or older, got {}: written by a "
                                        "newer version",
                                        database.path(), schema_version, version));
  }
  if (version == 0) create(database);
  // An event that is told again after a kill is one event all the same.
  database.execute(
      "BEGIN IMMEDIATE;"
      "ALTER TABLE events ADD COLUMN since_ms INTEGER;"
      "ALTER TABLE events ADD COLUMN event TEXT;"
      "CREATE UNIQUE INDEX events_by_id ON events(event);"
      "PRAGMA user_version = 2;"
      "COMMIT");
}

}  // namespace shoal::history
