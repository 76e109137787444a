#include "queue/dead_letters.h"

#include "record/encoding.h"

namespace shoal::queue {
namespace {

store::Database& with_table(store::Database& database) {
  database.execute(
      "CREATE TABLE IF NOT EXISTS dead_letters("
      "id INTEGER PRIMARY KEY, at INTEGER, output TEXT, reason TEXT, body BLOB)");
  return database;
}

}  // namespace

DeadLetterTable::DeadLetterTable(store::Database& database)
    : database_(with_table(database)),
      insert_(database.prepare(
          "INSERT INTO dead_letters(at, output, reason, body) VALUES(?1, ?2, ?3, ?4)")) {}

void DeadLetterTable::add(const DeadLetter& letter) {
  insert_.run(unix_nanoseconds(letter.at), std::string_view(letter.output),
              std::string_view(letter.reason), store::Blob{letter.body});
}

void DeadLetterTable::trim() {
  auto query = database_.prepare("SELECT id, length(body) FROM dead_letters ORDER BY id DESC");
  std::size_t count = 0;
  std::size_t bytes = 0;
  std::int64_t too_old = 0;
  {
    auto rows = query.rows();
    while (too_old == 0 && rows.next()) {
      bytes += static_cast<std::size_t>(rows.integer(1));
      if (++count > max_dead_letters || bytes > max_dead_letter_bytes) too_old = rows.integer(0);
    }
  }
  if (too_old != 0) database_.prepare("DELETE FROM dead_letters WHERE id <= ?1").run(too_old);
}

std::vector<DeadLetter> DeadLetterTable::newest(std::size_t count) {
  auto query = database_.prepare(
      "SELECT at, output, reason, body FROM dead_letters ORDER BY id DESC LIMIT ?1");
  auto rows = query.rows(std::uint64_t{count});
  std::vector<DeadLetter> letters;
  while (rows.next()) {
    letters.push_back({.at = from_unix_nanoseconds(rows.integer(0)),
                       .output = std::string(rows.text(1)),
                       .reason = std::string(rows.text(2)),
                       .body = std::string(rows.bytes(3)),
                       .record = record::decode(rows.bytes(3))});
  }
  return letters;
}

void DeadLetterList::add(DeadLetter letter) {
  bytes_ += letter.body.size();
  letters_.push_back(std::move(letter));
  while (letters_.size() > max_dead_letters || bytes_ > max_dead_letter_bytes) {
    bytes_ -= letters_.front().body.size();
    letters_.pop_front();
  }
}

void DeadLetterList::clear() {
  letters_.clear();
  bytes_ = 0;
}

}  // namespace shoal::queue
