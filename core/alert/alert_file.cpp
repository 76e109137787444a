#include "alert/alert_file.h"

#include <fmt/core.h>

#include "record/encoding.h"

namespace shoal::alert {
namespace {

constexpr std::int64_t schema_version = 1;

// Times in nanoseconds since 1970, 0 for none; statuses as their numbers.
constexpr const char* schema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE checks("
    "name TEXT PRIMARY KEY, status INTEGER, status_since INTEGER, attempts INTEGER,"
    "recoveries INTEGER, is_stale INTEGER, flapping_changes INTEGER, is_flapping INTEGER,"
    "hard INTEGER, since INTEGER, hard_since INTEGER, told INTEGER, told_at INTEGER,"
    "notices INTEGER, is_flapping_told INTEGER, events INTEGER, held_back INTEGER,"
    "incident INTEGER, text TEXT,"
    "acknowledged_by TEXT, acknowledged_comment TEXT, acknowledged_at INTEGER,"
    "acknowledged_until INTEGER) WITHOUT ROWID;"
    "CREATE TABLE outbox(position INTEGER PRIMARY KEY, id TEXT UNIQUE, event BLOB);"
    "PRAGMA user_version = 1;"
    "COMMIT";

store::Database open(const std::string& path) {
  store::Database database(path, {.synchronous = store::Synchronous::full, .is_exclusive = true});
  const std::int64_t version = database.integer("PRAGMA user_version");
  if (version > schema_version) {
    throw store::StoreError(store::Fault::damaged,
                            fmt::format("{}: expected layout {} or older, got {}: written by a "
                                        "newer version",
                                        path, schema_version, version));
  }
  if (version == 0) database.execute(schema);
  return database;
}

std::int64_t number(record::Status status) {
  return static_cast<std::int64_t>(status);
}
std::int64_t number(bool is_so) {
  return is_so ? 1 : 0;
}
std::int64_t number(const std::optional<WallTime>& time) {
  return time ? unix_nanoseconds(*time) : 0;
}

// Column after column.
class Row {
 public:
  explicit Row(const store::Rows& rows) : rows_(rows) {}

  std::int64_t integer() { return rows_.integer(column_++); }
  int small() { return static_cast<int>(integer()); }
  bool flag() { return integer() != 0; }
  std::string text() { return std::string(rows_.text(column_++)); }
  WallTime time() { return from_unix_nanoseconds(integer()); }
  std::optional<WallTime> time_or_none() {
    const std::int64_t count = integer();
    return count == 0 ? std::nullopt : std::optional(from_unix_nanoseconds(count));
  }
  record::Status status() {
    const std::int64_t found = integer();
    return found >= 0 && found <= 3 ? static_cast<record::Status>(found) : record::Status::unknown;
  }

 private:
  const store::Rows& rows_;
  int column_ = 0;
};

Standing standing_of(Row& row) {
  Standing standing;
  standing.status = row.status();
  standing.status_since = row.time();
  standing.attempts = row.small();
  standing.recoveries = row.small();
  standing.is_stale = row.flag();
  const auto changes = static_cast<std::uint32_t>(row.integer());
  standing.flapping = Flapping(changes, row.flag());
  standing.hard = row.status();
  standing.since = row.time();
  standing.hard_since = row.time();
  standing.told = row.status();
  standing.told_at = row.time();
  standing.notices = row.small();
  standing.is_flapping_told = row.flag();
  standing.events = static_cast<std::uint64_t>(row.integer());
  standing.held_back = static_cast<std::uint64_t>(row.integer());
  standing.incident = row.time_or_none();
  return standing;
}

CheckState state_of(const store::Rows& rows) {
  Row row(rows);
  CheckState state{.name = row.text()};
  state.standing = standing_of(row);
  state.text = row.text();
  Acknowledgement acknowledgement{.by = row.text()};
  acknowledgement.comment = row.text();
  acknowledgement.at = row.time();
  acknowledgement.until = row.time_or_none();
  if (!acknowledgement.by.empty()) state.acknowledgement = acknowledgement;
  return state;
}

}  // namespace

AlertFile::AlertFile(const std::string& path)
    : database_(open(path)),
      put_state_(database_.prepare("INSERT OR REPLACE INTO checks VALUES(?1, ?2, ?3, ?4, ?5, ?6, "
                                   "?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, "
                                   "?20, ?21, ?22, ?23)")),
      remove_state_(database_.prepare("DELETE FROM checks WHERE name = ?1")),
      put_event_(database_.prepare("INSERT OR REPLACE INTO outbox(id, event) VALUES(?1, ?2)")),
      remove_event_(database_.prepare("DELETE FROM outbox WHERE id = ?1")) {}

std::vector<CheckState> AlertFile::states() {
  std::vector<CheckState> states;
  auto query = database_.prepare("SELECT * FROM checks");
  auto rows = query.rows();
  while (rows.next()) states.push_back(state_of(rows));
  return states;
}

std::vector<record::Event> AlertFile::untold() {
  std::vector<record::Event> events;
  auto query = database_.prepare("SELECT event FROM outbox ORDER BY position");
  auto rows = query.rows();
  while (rows.next()) {
    auto record = record::decode(rows.bytes(0));
    if (record && std::holds_alternative<record::Event>(*record)) {
      events.push_back(std::get<record::Event>(std::move(*record)));
    }
  }
  return events;
}

void AlertFile::clear() {
  database_.execute("DELETE FROM checks; DELETE FROM outbox");
}

void AlertFile::put(const CheckState& state) {
  const Standing& standing = state.standing;
  const Acknowledgement acknowledgement = state.acknowledgement.value_or(Acknowledgement{});
  put_state_.run(std::string_view(state.name), number(standing.status),
                 unix_nanoseconds(standing.status_since), standing.attempts, standing.recoveries,
                 number(standing.is_stale), standing.flapping.changes(),
                 number(standing.flapping.is_on()), number(standing.hard),
                 unix_nanoseconds(standing.since), unix_nanoseconds(standing.hard_since),
                 number(standing.told), unix_nanoseconds(standing.told_at), standing.notices,
                 number(standing.is_flapping_told), standing.events, standing.held_back,
                 number(standing.incident), std::string_view(state.text),
                 std::string_view(acknowledgement.by), std::string_view(acknowledgement.comment),
                 unix_nanoseconds(acknowledgement.at), number(acknowledgement.until));
}

void AlertFile::remove(const std::string& name) {
  remove_state_.run(std::string_view(name));
}

void AlertFile::put(const record::Event& event) {
  std::string body;
  record::encode(event, body);
  put_event_.run(std::string_view(event.id), store::Blob{body});
}

void AlertFile::mark_told(const std::string& event_id) {
  remove_event_.run(std::string_view(event_id));
}

}  // namespace shoal::alert
