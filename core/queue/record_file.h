// The queue's file: rows, outputs with their accounts, dead letters. Each call is one SQL
// statement or a few; the caller groups them into transactions. Private to the queue; not
// thread-safe. Everything throws store::StoreError.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "queue/dead_letters.h"
#include "queue/ledger.h"
#include "queue/row.h"
#include "store/database.h"

namespace shoal::queue {

class RecordFile final : public RowStore {
 public:
  explicit RecordFile(const std::string& path);

  // The outputs the file knows, with their accounts but nothing pending yet.
  Book read_book();
  // Throws a StoreError of Fault::damaged if the file contradicts itself.
  void check();
  // Counts the rows into `book` as pending. Rows whose outputs are unreadable are removed.
  void count_pending(Book& book);
  Id last_id();

  store::Transaction begin() { return store::Transaction(database_); }
  // Stores what differs between the books.
  void save(const Book& book, const Book& saved);
  // Renumbers the outputs of all rows: bit i becomes bit bits[i].
  void renumber(const std::vector<unsigned>& bits);

  void insert(const Row& row) override;
  std::optional<Row> find(Id id) override;
  void scan(OutputMask outputs, Range range, Selection::Lane lane, const Visitor& visit) override;
  void clear(const Row& row, OutputMask outputs) override;

  // While frozen, clear() remembers in memory what it would have written.
  void freeze() { is_frozen_ = true; }
  // What is known of a row that cannot be read: the outputs that are not remembered.
  Row unread(Id id) const;
  // Writes what was remembered; call thaw() once that is committed.
  void write_remembered();
  void thaw();

  DeadLetterTable& dead_letters() { return dead_letters_; }
  void shrink() { database_.shrink(); }

 private:
  static store::Database open(const std::string& path);
  static Row read(const store::Rows& rows);
  std::optional<Row> find_stored(Id id);
  OutputMask unremembered(const Row& row) const;
  void write_clear(const Row& row, OutputMask outputs);

  store::Database database_;
  store::Statement insert_;
  store::Statement find_;
  store::Statement scan_oldest_;
  store::Statement scan_newest_;
  store::Statement update_;
  store::Statement erase_;
  store::Statement save_;
  DeadLetterTable dead_letters_;
  std::string found_body_;
  bool is_frozen_ = false;
  std::unordered_map<Id, OutputMask> remembered_;
};

}  // namespace shoal::queue
