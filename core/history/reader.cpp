#include "history/reader.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/nearest.h"
#include "history/schema.h"
#include "store/database.h"

namespace shoal::history {
namespace {

WallTime time_at(const store::Rows& rows, int column) {
  return from_unix_milliseconds(rows.integer(column));
}

record::Status status_at(const store::Rows& rows, int column) {
  const std::int64_t number = rows.integer(column);
  return number >= 0 && number <= 3 ? static_cast<record::Status>(number) : record::Status::unknown;
}

std::string existing(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    throw Error(fmt::format("history {}: there is no such file; has an agent run here?", path));
  }
  return path;
}

}  // namespace

class Reader::Connection {
 public:
  explicit Connection(const std::string& path)
      : database_(existing(path), {.is_read_only = true}) {}

  // The id and unit of what has this name.
  std::optional<std::pair<std::int64_t, std::string>> find(Kind kind, std::string_view name) {
    auto query = database_.prepare("SELECT id, unit FROM series WHERE kind = ?1 AND name = ?2");
    auto rows = query.rows(static_cast<int>(kind), name);
    if (!rows.next()) return std::nullopt;
    return std::pair(rows.integer(0), std::string(rows.text(1)));
  }

  store::Database& database() { return database_; }

 private:
  store::Database database_;
};

Reader::Reader(const std::string& path) : connection_(std::make_unique<Connection>(path)) {}

Reader::~Reader() = default;

std::optional<Series> Reader::series(std::string_view name, WallTime since) {
  const auto found = connection_->find(Kind::sample, name);
  if (!found) return std::nullopt;
  Series series{.unit = found->second};
  auto query = connection_->database().prepare(
      "SELECT time_ms, total / count, minimum, maximum FROM averages"
      " WHERE time_ms >= ?1 AND series = ?2 UNION ALL "
      "SELECT time_ms, value, value, value FROM points WHERE time_ms >= ?1 AND series = ?2"
      " ORDER BY 1");
  auto rows = query.rows(unix_milliseconds(since), found->first);
  while (rows.next()) {
    series.points.push_back({time_at(rows, 0), rows.real(1), rows.real(2), rows.real(3)});
  }
  return series;
}

std::optional<std::vector<Result>> Reader::results(std::string_view name, WallTime since) {
  const auto found = connection_->find(Kind::check, name);
  if (!found) return std::nullopt;
  std::vector<Result> results;
  auto query = connection_->database().prepare(
      "SELECT time_ms, status, text FROM results WHERE time_ms >= ?1 AND series = ?2"
      " ORDER BY time_ms");
  auto rows = query.rows(unix_milliseconds(since), found->first);
  while (rows.next()) {
    results.push_back({time_at(rows, 0), status_at(rows, 1), std::string(rows.text(2))});
  }
  return results;
}

std::vector<Transition> Reader::transitions(WallTime since, std::string_view job) {
  std::vector<Transition> transitions;
  // Before there were alerts there were no events.
  if (connection_->database().integer("PRAGMA user_version") < 2) return transitions;
  auto query = connection_->database().prepare(
      "SELECT time_ms, job, before, after, is_hard, text, since_ms FROM events"
      " WHERE time_ms >= ?1 AND (?2 = '' OR job = ?2) ORDER BY time_ms, id");
  auto rows = query.rows(unix_milliseconds(since), job);
  while (rows.next()) {
    transitions.push_back({time_at(rows, 0), std::string(rows.text(1)), status_at(rows, 2),
                           status_at(rows, 3), rows.integer(4) != 0, std::string(rows.text(5)),
                           time_at(rows, 6)});
  }
  return transitions;
}

std::vector<std::string> Reader::names() {
  std::vector<std::string> names;
  auto query = connection_->database().prepare("SELECT DISTINCT name FROM series ORDER BY name");
  auto rows = query.rows();
  while (rows.next()) names.emplace_back(rows.text(0));
  return names;
}

std::vector<std::string> Reader::names_like(std::string_view name) {
  constexpr std::size_t most_names = 3;
  const std::vector<std::string> known = names();
  std::vector<std::string> like;
  if (const auto near = nearest(name, known); !near.empty()) like.emplace_back(near);
  for (const std::string& candidate : known) {
    const bool is_longer = !name.empty() && candidate.find(name) != std::string::npos;
    if (is_longer && like.size() < most_names &&
        std::find(like.begin(), like.end(), candidate) == like.end())
      like.push_back(candidate);
  }
  return like;
}

}  // namespace shoal::history
