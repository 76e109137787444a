#include "store/database.h"

#include <algorithm>
#include <unistd.h>

#include <fmt/format.h>
#include <sqlite3.h>

namespace shoal::store {
namespace {

Fault fault_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_TOOBIG:
      return Fault::full;
    case SQLITE_IOERR:
      // A file that ends too early is no trouble of the disk.
      return code == SQLITE_IOERR_SHORT_READ ? Fault::damaged : Fault::io;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Fault::read_only;
    case SQLITE_CANTOPEN:
      return Fault::cannot_open;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    // A schema that is not ours shows as missing tables or columns, or broken constraints.
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return Fault::damaged;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fault::busy;
    default:
      return Fault::other;
  }
}

[[noreturn]] void fail(sqlite3* handle, std::string_view path, std::string_view act) {
  const int code = sqlite3_extended_errcode(handle);
  const int error = sqlite3_system_errno(handle);
  std::string text = fmt::format("{}: {}: {}", path, act, sqlite3_errmsg(handle));
  if (error != 0 && fault_of(code) != Fault::damaged) text += " (" + errno_text(error) + ")";
  throw StoreError(fault_of(code), text);
}

[[noreturn]] void fail(sqlite3_stmt* statement) {
  sqlite3* handle = sqlite3_db_handle(statement);
  const char* path = sqlite3_db_filename(handle, "main");
  // The verb is enough to see what was going on.
  const std::string_view sql = sqlite3_sql(statement);
  fail(handle, path == nullptr ? "" : path, sql.substr(0, sql.find(' ')));
}

}  // namespace

Rows::~Rows() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_->handle_.get());
  sqlite3_clear_bindings(statement_->handle_.get());
}

bool Rows::next() {
  switch (sqlite3_step(statement_->handle_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      fail(statement_->handle_.get());
  }
}

std::int64_t Rows::integer(int column) const {
  return sqlite3_column_int64(statement_->handle_.get(), column);
}

double Rows::real(int column) const {
  return sqlite3_column_double(statement_->handle_.get(), column);
}

std::string_view Rows::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_->handle_.get(), column);
  const auto size =
      static_cast<std::size_t>(sqlite3_column_bytes(statement_->handle_.get(), column));
  return data == nullptr ? std::string_view{}
                         : std::string_view{static_cast<const char*>(data), size};
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_->handle_.get(), column) == SQLITE_NULL;
}

void Statement::Finalizer::operator()(sqlite3_stmt* handle) const {
  sqlite3_finalize(handle);
}

void Statement::bind(int position, std::int64_t value) {
  if (sqlite3_bind_int64(handle_.get(), position, value) != SQLITE_OK) fail(handle_.get());
}

void Statement::bind(int position, double value) {
  if (sqlite3_bind_double(handle_.get(), position, value) != SQLITE_OK) fail(handle_.get());
}

void Statement::bind(int position, std::string_view text) {
  if (sqlite3_bind_text64(handle_.get(), position, text.data() == nullptr ? "" : text.data(),
                          text.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK) {
    fail(handle_.get());
  }
}

void Statement::bind(int position, Blob blob) {
  const char* data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  if (sqlite3_bind_blob64(handle_.get(), position, data, blob.bytes.size(), SQLITE_STATIC) !=
      SQLITE_OK) {
    fail(handle_.get());
  }
}

Database::Database(const std::string& path, const OpenOptions& options) : path_(path) {
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (options.is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(handle, path_, "open");
  configure(options);
}

void Database::Closer::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

void Database::configure(const OpenOptions& options) {
  sqlite3_busy_timeout(handle_.get(), 2000);
  // Before anything reads the file, or a -shm is made all the same.
  if (options.is_exclusive) execute("PRAGMA locking_mode = EXCLUSIVE");
  execute("PRAGMA cache_size = -128");
  if (options.is_read_only) return;
  if (sqlite3_db_readonly(handle_.get(), "main") == 1 && ::access(path_.c_str(), W_OK) == 0) {
    throw StoreError(Fault::damaged, path_ + ": open: its header says that it cannot be written");
  }
  // Before the first table, or it has no effect.
  execute("PRAGMA auto_vacuum = INCREMENTAL");
  execute("PRAGMA journal_mode = WAL");
  execute("PRAGMA journal_size_limit = 4194304");
  execute(options.synchronous == Synchronous::full ? "PRAGMA synchronous = FULL"
                                                   : "PRAGMA synchronous = NORMAL");
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    fail(handle_.get(), path_, "prepare");
  }
  return Statement(statement);
}

void Database::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    const std::string_view text(sql);
    fail(handle_.get(), path_, text.substr(0, std::min(text.find(" ="), text.find(';'))));
  }
}

std::int64_t Database::integer(std::string_view sql) {
  Statement statement = prepare(sql);
  Rows rows = statement.rows();
  return rows.next() ? rows.integer(0) : 0;
}

void Database::shrink() {
  constexpr std::int64_t worth_the_writes = 256;
  if (integer("PRAGMA freelist_count") < worth_the_writes) return;
  execute("PRAGMA incremental_vacuum");
  execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

std::uint64_t Database::used_bytes() {
  const std::int64_t pages = integer("PRAGMA page_count") - integer("PRAGMA freelist_count");
  return static_cast<std::uint64_t>(pages * integer("PRAGMA page_size"));
}

std::uint64_t Database::changes() const {
  return static_cast<std::uint64_t>(sqlite3_changes64(handle_.get()));
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // Some failures have rolled back already.
  if (sqlite3_get_autocommit(database_.handle_.get()) == 0) {
    sqlite3_exec(database_.handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
}

}  // namespace shoal::store
