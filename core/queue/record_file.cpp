#include "queue/record_file.h"

#include <array>

#include <fmt/format.h>

#include "queue/crc32.h"

namespace shoal::queue {
namespace {

constexpr std::int64_t schema_version = 1;
constexpr OutputMask all_outputs = (OutputMask{1} << max_outputs) - 1;

// A set of outputs is stored with its complement, so that a flipped bit shows: the checksum cannot
// cover what changes with each settlement.
constexpr std::int64_t to_word(OutputMask outputs) {
  return static_cast<std::int64_t>(outputs | std::uint64_t{~outputs & all_outputs} << 32);
}
constexpr bool is_sound_word(std::int64_t word) {
  return to_word(static_cast<OutputMask>(word) & all_outputs) == word;
}
// The outputs on which word and complement agree: all of them if it is sound.
constexpr OutputMask from_word(std::int64_t word) {
  return static_cast<OutputMask>(word) & ~static_cast<OutputMask>(word >> 32) & all_outputs;
}

std::uint32_t checksum(Id id, std::int64_t accepted_ms, std::string_view body) {
  std::array<char, 16> head{};
  for (unsigned i = 0; i < 8; ++i) {
    head[i] = static_cast<char>(id >> (8 * i));
    head[8 + i] = static_cast<char>(static_cast<std::uint64_t>(accepted_ms) >> (8 * i));
  }
  return crc32(body, crc32({head.data(), head.size()}));
}

[[noreturn]] void fail_damaged(const store::Database& database, std::string_view finding) {
  throw store::StoreError(store::Fault::damaged, fmt::format("{}: {}", database.path(), finding));
}

}  // namespace

store::Database RecordFile::open(const std::string& path) {
  store::Database database(path, {.is_exclusive = true});
  const std::int64_t version = database.integer("PRAGMA user_version");
  if (version > schema_version) {
    fail_damaged(database, fmt::format("expected layout {} or older, got {}: written by a newer "
                                       "version",
                                       schema_version, version));
  }
  if (version == schema_version) return database;
  database.execute(
      "BEGIN IMMEDIATE;"
      "PRAGMA user_version = 1;"
      "CREATE TABLE IF NOT EXISTS records("
      "id INTEGER PRIMARY KEY, accepted_ms INTEGER, outputs INTEGER, crc INTEGER, body BLOB);"
      "CREATE TABLE IF NOT EXISTS outputs("
      "bit INTEGER PRIMARY KEY, name TEXT, accepted INTEGER, delivered INTEGER, rejected INTEGER,"
      "expired INTEGER, dropped INTEGER, lost INTEGER);"
      "COMMIT");
  return database;
}

RecordFile::RecordFile(const std::string& path)
    : database_(open(path)),
      insert_(database_.prepare("INSERT INTO records VALUES(?1, ?2, ?3, ?4, ?5)")),
      find_(database_.prepare("SELECT id, accepted_ms, outputs, crc, body FROM records"
                              " WHERE id = ?1")),
      scan_oldest_(database_.prepare("SELECT id, accepted_ms, outputs, crc, body FROM records"
                                     " WHERE id BETWEEN ?1 AND ?2 AND outputs & ?3 ORDER BY id")),
      scan_newest_(database_.prepare("SELECT id, accepted_ms, outputs, crc, body FROM records"
                                     " WHERE id BETWEEN ?1 AND ?2 AND outputs & ?3"
                                     " ORDER BY id DESC")),
      update_(database_.prepare("UPDATE records SET outputs = ?2 WHERE id = ?1")),
      erase_(database_.prepare("DELETE FROM records WHERE id = ?1")),
      save_(database_.prepare(
          "INSERT OR REPLACE INTO outputs VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")),
      dead_letters_(database_) {}

Book RecordFile::read_book() {
  Book book;
  auto query = database_.prepare(
      "SELECT bit, name, accepted, delivered, rejected, expired, dropped, lost FROM outputs"
      " ORDER BY bit");
  auto rows = query.rows();
  while (rows.next()) {
    const auto bit = static_cast<std::uint64_t>(rows.integer(0));
    if (bit >= max_outputs) fail_damaged(database_, fmt::format("output bit {}", bit));
    if (book.size() <= bit) book.resize(bit + 1);
    const auto number = [&](int column) {
      return static_cast<std::uint64_t>(rows.integer(column));
    };
    book[bit].name = rows.text(1);
    book[bit].accounts = {.accepted = number(2),
                          .delivered = number(3),
                          .rejected = number(4),
                          .expired = number(5),
                          .dropped = number(6),
                          .lost = number(7)};
  }
  return book;
}

void RecordFile::check() {
  auto query = database_.prepare("PRAGMA quick_check(1)");
  auto rows = query.rows();
  if (!rows.next()) fail_damaged(database_, "the check says nothing");
  const std::string_view finding = rows.text(0);
  // The first line is only a heading.
  if (finding != "ok") fail_damaged(database_, finding.substr(finding.rfind('\n') + 1));
}

void RecordFile::count_pending(Book& book) {
  std::vector<Id> unreadable;
  auto query = database_.prepare("SELECT id, accepted_ms, outputs, length(body) FROM records");
  auto rows = query.rows();
  while (rows.next()) {
    Row row{.id = static_cast<Id>(rows.integer(0)), .accepted_ms = rows.integer(1)};
    const auto bytes = row.bytes() + static_cast<std::uint64_t>(rows.integer(3));
    const OutputMask outputs = from_word(rows.integer(2));
    if (!is_sound_word(rows.integer(2)) || outputs >> book.size() != 0) {
      unreadable.push_back(row.id);
      continue;
    }
    for_each(book, outputs,
             [&](Ledger& ledger) { ledger.find_pending(row.id, bytes, row.accepted()); });
  }
  for (const Id id : unreadable) erase_.run(id);
}

Id RecordFile::last_id() {
  return static_cast<Id>(database_.integer("SELECT max(id) FROM records"));
}

void RecordFile::save(const Book& book, const Book& saved) {
  for (unsigned bit = 0; bit < book.size(); ++bit) {
    const Ledger& ledger = book[bit];
    if (bit < saved.size() && saved[bit].name == ledger.name &&
        saved[bit].accounts == ledger.accounts) {
      continue;
    }
    const Accounts& accounts = ledger.accounts;
    save_.run(bit, std::string_view(ledger.name), accounts.accepted, accounts.delivered,
              accounts.rejected, accounts.expired, accounts.dropped, accounts.lost);
  }
}

void RecordFile::renumber(const std::vector<unsigned>& bits) {
  std::unordered_map<std::int64_t, std::int64_t> words;
  auto query = database_.prepare("SELECT DISTINCT outputs FROM records");
  {
    auto rows = query.rows();
    while (rows.next()) {
      const std::int64_t word = rows.integer(0);
      OutputMask outputs = 0;
      for (unsigned bit = 0; bit < bits.size(); ++bit) {
        if ((from_word(word) >> bit & 1) != 0) outputs |= OutputMask{1} << bits[bit];
      }
      if (is_sound_word(word)) words[word] = to_word(outputs);
    }
  }
  std::string sql = "UPDATE records SET outputs = CASE outputs";
  for (const auto& [before, after] : words) sql += fmt::format(" WHEN {} THEN {}", before, after);
  if (!words.empty()) database_.execute((sql + " ELSE outputs END").c_str());
  database_.execute("DELETE FROM outputs");
}

void RecordFile::insert(const Row& row) {
  insert_.run(row.id, row.accepted_ms, to_word(row.outputs),
              checksum(row.id, row.accepted_ms, row.body), store::Blob{row.body});
}

Row RecordFile::read(const store::Rows& rows) {
  Row row{.id = static_cast<Id>(rows.integer(0)),
          .accepted_ms = rows.integer(1),
          .outputs = from_word(rows.integer(2)),
          .body = rows.bytes(4)};
  row.is_sound = is_sound_word(rows.integer(2)) &&
                 checksum(row.id, row.accepted_ms, row.body) == rows.integer(3);
  return row;
}

Row RecordFile::unread(Id id) const {
  Row row{.id = id, .outputs = all_outputs};
  row.outputs = unremembered(row);
  return row;
}

OutputMask RecordFile::unremembered(const Row& row) const {
  const auto it = remembered_.find(row.id);
  return it == remembered_.end() ? row.outputs : row.outputs & ~it->second;
}

std::optional<Row> RecordFile::find_stored(Id id) {
  auto rows = find_.rows(id);
  if (!rows.next()) return std::nullopt;
  Row row = read(rows);
  found_body_ = row.body;
  row.body = found_body_;
  return row;
}

std::optional<Row> RecordFile::find(Id id) {
  auto row = find_stored(id);
  if (row) row->outputs = unremembered(*row);
  if (row && row->outputs == 0) return std::nullopt;
  return row;
}

void RecordFile::scan(OutputMask outputs, Range range, Selection::Lane lane, const Visitor& visit) {
  auto& statement = lane == Selection::Lane::oldest ? scan_oldest_ : scan_newest_;
  auto rows = statement.rows(range.first, range.last, outputs);
  while (rows.next()) {
    Row row = read(rows);
    row.outputs = unremembered(row);
    if ((row.outputs & outputs) != 0 && !visit(row)) return;
  }
}

void RecordFile::clear(const Row& row, OutputMask outputs) {
  if (is_frozen_) {
    remembered_[row.id] |= outputs;
  } else {
    write_clear(row, outputs);
  }
}

void RecordFile::write_clear(const Row& row, OutputMask outputs) {
  const OutputMask left = row.outputs & ~outputs;
  if (left == 0) {
    erase_.run(row.id);
  } else {
    update_.run(row.id, to_word(left));
  }
  // A row that was just read and cannot be found again would be offered for ever.
  if (database_.changes() != 1) fail_damaged(database_, fmt::format("row {} vanished", row.id));
}

void RecordFile::write_remembered() {
  for (const auto& [id, outputs] : remembered_) {
    if (const auto row = find_stored(id)) write_clear(*row, outputs);
  }
}

void RecordFile::thaw() {
  is_frozen_ = false;
  remembered_.clear();
}

}  // namespace shoal::queue
