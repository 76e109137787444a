// A thin layer over SQLite: a database, its prepared statements, a transaction. Knows nothing of
// what is stored. A connection and everything made from it belong to one thread at a time; the
// caller sees to that.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace shoal::store {

// What kind of trouble SQLite met, as far as callers act differently on it.
enum class Fault : std::uint8_t {
  full,         // no space left, or a limit on file sizes
  io,           // the disk or the file system failed
  read_only,    // the file, its directory or the file system
  cannot_open,  // also: the directory is missing
  damaged,      // not a database, or one that contradicts itself
  busy,         // someone else holds the lock
  other
};

// Reads "FILE: what was tried: SQLite's words".
class StoreError : public Error {
 public:
  StoreError(Fault fault, const std::string& text) : Error(text), fault_(fault) {}
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

// Bytes, where a plain string_view would be stored as text.
struct Blob {
  std::string_view bytes;
};

class Statement;

// The rows of one execution. The statement is free for the next one when this goes.
class Rows {
 public:
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  // Moves to the next row, the first time to the first; false when there is none.
  bool next();
  // Columns count from 0. Text and bytes are valid until next().
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const { return bytes(column); }
  std::string_view bytes(int column) const;
  bool is_null(int column) const;

 private:
  friend class Statement;
  explicit Rows(Statement& statement) : statement_(&statement) {}
  Statement* statement_;
};

// A prepared statement; one execution at a time.
class Statement {
 public:
  // Executes to the end with these values for ?1, ?2, ...: integers, doubles, text, Blob.
  template <class... Values>
  void run(const Values&... values) {
    rows(values...).next();
  }

  // Executes row by row. Text and bytes among the values must outlive the Rows.
  template <class... Values>
  [[nodiscard]] Rows rows(const Values&... values) {
    Rows rows(*this);
    int position = 0;
    (bind(++position, values), ...);
    return rows;
  }

 private:
  friend class Database;
  friend class Rows;
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  void bind(int position, std::int64_t value);
  void bind(int position, std::uint64_t value) { bind(position, static_cast<std::int64_t>(value)); }
  void bind(int position, int value) { bind(position, std::int64_t{value}); }
  void bind(int position, unsigned value) { bind(position, std::int64_t{value}); }
  void bind(int position, double value);
  void bind(int position, std::string_view text);
  void bind(int position, Blob blob);

  struct Finalizer {
    void operator()(sqlite3_stmt* handle) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
};

enum class Synchronous : std::uint8_t { normal = 1, full = 2 };

struct OpenOptions {
  Synchronous synchronous = Synchronous::full;
  bool is_read_only = false;
  // No other connection may open the file; saves its locks and the -shm file.
  bool is_exclusive = false;
};

class Database {
 public:
  // Opens, and creates unless read-only, a file in WAL mode with incremental vacuum. Throws
  // StoreError.
  Database(const std::string& path, const OpenOptions& options);

  const std::string& path() const { return path_; }

  // All of these throw StoreError.
  Statement prepare(std::string_view sql);
  void execute(const char* sql);
  // The first column of the first row, 0 if there is none.
  std::int64_t integer(std::string_view sql);

  // Gives unused pages back to the file system if they are more than a few.
  void shrink();
  // Bytes of the file that hold data.
  std::uint64_t used_bytes();
  // Rows changed by the last statement.
  std::uint64_t changes() const;

 private:
  friend class Transaction;
  void configure(const OpenOptions& options);

  struct Closer {
    void operator()(sqlite3* handle) const;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Closer> handle_;
};

// Undone when it goes without commit().
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Durable when it returns, if the database was opened with Synchronous::full. Throws StoreError.
  void commit();

 private:
  Database& database_;
};

}  // namespace shoal::store
