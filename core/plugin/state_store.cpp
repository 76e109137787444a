#include "plugin/state_store.h"

#include <filesystem>

#include <fmt/core.h>

#include "base/error.h"
#include "base/log.h"
#include "store/database.h"
#include "store/set_aside.h"

namespace shoal::plugin {
namespace {

constexpr std::size_t longest_key = 200;
constexpr std::uint64_t most_bytes = 1 << 20;

void check_key(std::string_view key) {
  if (key.empty() || key.size() > longest_key) {
    throw Error(fmt::format("state key: expected 1 to {} bytes, got {}", longest_key, key.size()));
  }
}

store::Database opened(const std::string& file) {
  store::Database database(file, {});
  database.execute(
      "CREATE TABLE IF NOT EXISTS state("
      "job TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(job, key))"
      " WITHOUT ROWID");
  return database;
}

}  // namespace

struct StateStore::Tables {
  explicit Tables(const std::string& file) : database(opened(file)) {}

  store::Database database;
  store::Statement get = database.prepare("SELECT value FROM state WHERE job = ?1 AND key = ?2");
  store::Statement put = database.prepare(
      "INSERT INTO state(job, key, value) VALUES(?1, ?2, ?3)"
      " ON CONFLICT(job, key) DO UPDATE SET value = excluded.value");
  store::Statement remove = database.prepare("DELETE FROM state WHERE job = ?1 AND key = ?2");
  store::Statement others = database.prepare(
      "SELECT coalesce(sum(length(key) + length(value)), 0) FROM state"
      " WHERE job = ?1 AND key <> ?2");
};

StateStore::StateStore(std::string file, const Clock& clock)
    : file_(std::move(file)), clock_(clock) {}
StateStore::~StateStore() = default;

StateStore::Tables& StateStore::open() {
  if (tables_) return *tables_;
  try {
    tables_ = std::make_unique<Tables>(file_);
  } catch (const store::StoreError& error) {
    if (error.fault() != store::Fault::damaged) throw;
    const auto kept = store::set_aside(file_, clock_.wall());
    log::error("{}; kept as {}, plugins start without their state", error.what(), kept);
    tables_ = std::make_unique<Tables>(file_);
  }
  return *tables_;
}

std::optional<std::string> StateStore::get(std::string_view job, std::string_view key) {
  check_key(key);
  const std::lock_guard lock(mutex_);
  auto rows = open().get.rows(job, store::Blob{key});
  if (!rows.next()) return std::nullopt;
  return std::string(rows.bytes(0));
}

void StateStore::put(std::string_view job, std::string_view key, std::string_view value) {
  check_key(key);
  const std::lock_guard lock(mutex_);
  auto& tables = open();
  if (value.size() > most_bytes ||
      bytes_beside(tables, job, key) + key.size() + value.size() > most_bytes) {
    throw Error(fmt::format("state of {}: would hold more than {} bytes", job, most_bytes));
  }
  tables.put.run(job, store::Blob{key}, store::Blob{value});
}

void StateStore::remove(std::string_view job, std::string_view key) {
  check_key(key);
  const std::lock_guard lock(mutex_);
  open().remove.run(job, store::Blob{key});
}

void StateStore::adopt(const std::string& other_file, std::string_view job) {
  std::error_code error;
  if (!std::filesystem::exists(other_file, error)) {
    if (error) throw Error(fmt::format("{}: {}", other_file, error.message()));
    return;
  }
  store::Database other(other_file, {.is_read_only = true});
  auto query = other.prepare("SELECT key, value FROM state WHERE job = ?1");
  auto rows = query.rows(job);
  while (rows.next()) put(job, rows.bytes(0), rows.bytes(1));
}

std::uint64_t StateStore::bytes_beside(Tables& tables, std::string_view job, std::string_view key) {
  auto rows = tables.others.rows(job, store::Blob{key});
  return rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
}

}  // namespace shoal::plugin
