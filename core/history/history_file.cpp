#include "history/history_file.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "history/point.h"

namespace shoal::history {
namespace {

constexpr std::int64_t slice_ms = 5 * 60 * 1000;
constexpr std::size_t longest_text = 4096;
// Enough for any host; a set of names that never ends must not fill memory.
constexpr std::size_t most_cached_ids = 20'000;

// Cut between characters.
std::string_view shortened(std::string_view text) {
  if (text.size() <= longest_text) return text;
  std::size_t end = longest_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

store::Database open(const std::string& path) {
  store::Database database(path, {.synchronous = store::Synchronous::normal});
  prepare_schema(database);
  return database;
}

}  // namespace

HistoryFile::HistoryFile(const std::string& path)
    : database_(open(path)),
      insert_point_(database_.prepare("INSERT OR REPLACE INTO points VALUES(?1, ?2, ?3)")),
      insert_result_(database_.prepare("INSERT OR REPLACE INTO results VALUES(?1, ?2, ?3, ?4)")),
      insert_event_(database_.prepare(
          "INSERT OR IGNORE INTO events(time_ms, job, before, after, is_hard,"
          " text, since_ms, event) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, ''))")),
      find_series_(database_.prepare("SELECT id FROM series WHERE kind = ?1 AND name = ?2")),
      insert_series_(database_.prepare(
          "INSERT INTO series(kind, name, unit, last_ms) VALUES(?1, ?2, ?3, ?4)")) {}

void HistoryFile::append(std::span<const record::Record> records) {
  store::Transaction transaction(database_);
  for (const record::Record& record : records) add(record);
  transaction.commit();
}

void HistoryFile::add(const record::Record& record) {
  const std::int64_t time = unix_milliseconds(record::time_of(record));
  if (const auto* sample = std::get_if<record::Sample>(&record)) {
    insert_point_.run(time, id_of(Kind::sample, series_name(*sample), sample->unit), sample->value);
  } else if (const auto* result = std::get_if<record::CheckResult>(&record)) {
    insert_result_.run(time, id_of(Kind::check, result->name, {}), static_cast<int>(result->status),
                       shortened(result->text));
  } else if (const auto* event = std::get_if<record::Event>(&record)) {
    insert_event_.run(time, std::string_view(event->job), static_cast<int>(event->from),
                      static_cast<int>(event->to), event->is_hard ? 1 : 0, shortened(event->text),
                      unix_milliseconds(event->since), std::string_view(event->id));
  }
}

std::int64_t HistoryFile::id_of(Kind kind, const std::string& name, const std::string& unit) {
  const std::string key = (kind == Kind::check ? 'c' : 's') + name;
  if (const auto it = ids_.find(key); it != ids_.end()) {
    seen_.insert(it->second);
    return it->second;
  }
  const int kind_number = static_cast<int>(kind);
  const auto find = [&] {
    auto rows = find_series_.rows(kind_number, std::string_view(name));
    return rows.next() ? rows.integer(0) : 0;
  };
  std::int64_t id = find();
  if (id == 0) {
    insert_series_.run(kind_number, std::string_view(name), std::string_view(unit), 0);
    id = find();
  }
  if (ids_.size() >= most_cached_ids) ids_.clear();
  ids_.emplace(key, id);
  seen_.insert(id);
  return id;
}

void HistoryFile::compact(WallTime now, const HistoryLimits& limits) {
  {
    store::Transaction transaction(database_);
    const std::int64_t full = unix_milliseconds(now - limits.full) / slice_ms * slice_ms;
    average(full);
    keep_changes(full);
    remove(unix_milliseconds(now - limits.averaged));
    note_seen(unix_milliseconds(now));
    transaction.commit();
  }
  fit(now, limits.bytes);
  database_.shrink();
}

void HistoryFile::average(std::int64_t before_ms) {
  database_
      .prepare(
          "INSERT INTO averages"
          " SELECT time_ms / ?2 * ?2, series, min(value), max(value), total(value), count(*)"
          " FROM points WHERE time_ms < ?1 GROUP BY 1, 2"
          " ON CONFLICT DO UPDATE SET minimum = min(minimum, excluded.minimum),"
          " maximum = max(maximum, excluded.maximum), total = total + excluded.total,"
          " count = count + excluded.count")
      .run(before_ms, slice_ms);
  database_.prepare("DELETE FROM points WHERE time_ms < ?1").run(before_ms);
}

void HistoryFile::keep_changes(std::int64_t before_ms) {
  database_
      .prepare(
          "DELETE FROM results WHERE (time_ms, series) IN ("
          "SELECT time_ms, series FROM ("
          "SELECT time_ms, series, status, lag(status) OVER ("
          "PARTITION BY series ORDER BY time_ms) AS earlier FROM results WHERE time_ms < ?1)"
          " WHERE status = earlier)")
      .run(before_ms);
}

void HistoryFile::remove(std::int64_t before_ms) {
  for (const std::string_view table : {"points", "averages", "results", "events"}) {
    database_.prepare(fmt::format("DELETE FROM {} WHERE time_ms < ?1", table)).run(before_ms);
  }
  database_.prepare("DELETE FROM series WHERE last_ms BETWEEN 1 AND ?1").run(before_ms);
  if (database_.changes() > 0) ids_.clear();
}

void HistoryFile::note_seen(std::int64_t now_ms) {
  auto update = database_.prepare("UPDATE series SET last_ms = ?2 WHERE id = ?1");
  for (const std::int64_t id : seen_) update.run(id, now_ms);
  seen_.clear();
}

// Takes a sixteenth of the past away until the rest fits.
void HistoryFile::fit(WallTime now, std::uint64_t bytes) {
  for (int tries = 0; tries < 64 && database_.used_bytes() > bytes; ++tries) {
    const std::int64_t oldest = oldest_ms();
    const std::int64_t span = std::max<std::int64_t>(unix_milliseconds(now) - oldest, 0);
    store::Transaction transaction(database_);
    remove(oldest + span / 16 + 1);
    transaction.commit();
  }
}

std::int64_t HistoryFile::oldest_ms() {
  return database_.integer(
      "SELECT min(time_ms) FROM (SELECT min(time_ms) AS time_ms FROM points"
      " UNION ALL SELECT min(time_ms) FROM averages UNION ALL SELECT min(time_ms) FROM results"
      " UNION ALL SELECT min(time_ms) FROM events)");
}

}  // namespace shoal::history
