// Where the queue's rows are: in the file as long as it can be written, else in memory until it
// can be again. Nothing is thrown because of what the disk does. Private to the queue; not
// thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "queue/dead_letters.h"
#include "queue/health.h"
#include "queue/ledger.h"
#include "queue/memory_rows.h"
#include "queue/record_file.h"
#include "queue/writer_lock.h"

namespace shoal::queue {

class Storage {
 public:
  // Throws Error if another process has the file.
  Storage(std::string path, const Clock& clock);

  const Book& book() const { return book_; }
  Book& book() { return book_; }
  Health health() const;
  Id next_id() { return next_id_++; }
  Id last_id() const { return next_id_ - 1; }

  // Runs `act`, which changes the book it is given and, through the functions below, rows. All of
  // it happens or nothing; durable when this returns, unless there is trouble with the disk: then
  // it is in memory only, and the answer false. `act` may be run more than once.
  bool write(const std::function<void(Book&)>& act);
  // Runs `act`, which only reads.
  void read(const std::function<void()>& act);

  // Within write().
  void insert(const Row& row);
  void clear(const Row& row, OutputMask outputs);
  void add_dead_letter(const DeadLetter& letter);
  // Within write() or read(), as in RowStore.
  std::optional<Row> find(Id id);
  // A row that scan() has just shown.
  Row find_scanned(Id id);
  void scan(OutputMask outputs, Range range, Selection::Lane lane, const RowStore::Visitor& visit);

  // Newest first.
  std::vector<DeadLetter> dead_letters(std::size_t count);
  void shrink();

 private:
  bool write_file(const std::function<void(Book&)>& act);
  void write_memory(const std::function<void(Book&)>& act);
  void drop_beyond_memory();
  void tolerate(const std::function<void()>& act) const;

  void attach();
  void merge(RecordFile& file);
  std::vector<unsigned> adopt(Book& book, const Book& stored) const;
  bool try_attach();
  void return_to_file();
  void move_to_file();

  void on_failure(const store::StoreError& error);
  void replace_file(const std::string& reason);
  void start_fresh_file(const std::string& reason);
  void announce(const std::string& trouble);

  const std::string path_;
  const Clock& clock_;
  std::optional<WriterLock> lock_;
  std::unique_ptr<RecordFile> file_;
  bool is_writing_ = false;     // to the file
  bool is_file_known_ = false;  // the file's accounts are in the book
  Book salvaged_;               // of a file that turns out to be damaged
  MemoryRows memory_;
  DeadLetterList letters_;
  Book book_;
  Id next_id_ = 1;
  SteadyTime next_attempt_{};
  Health health_;
};

}  // namespace shoal::queue
