#include "history/writer.h"

#include <algorithm>
#include <system_error>

#include "base/log.h"
#include "history/history_file.h"
#include "store/set_aside.h"

namespace shoal::history {
namespace {

constexpr std::chrono::minutes compaction_interval{5};
constexpr std::chrono::minutes open_interval{1};

}  // namespace

Writer::Writer(std::string path, const Clock& clock, HistoryLimits limits)
    : path_(std::move(path)), clock_(clock), limits_(limits) {
  open();
}

Writer::~Writer() = default;

bool Writer::open() {
  if (file_) return true;
  // The second try is for a fresh file in place of a damaged one.
  for (int tries = 0; tries < 2 && !file_ && clock_.steady() >= next_open_; ++tries) {
    attempt([this] { file_ = std::make_unique<HistoryFile>(path_); });
  }
  return file_ != nullptr;
}

void Writer::append(std::span<const record::Record> records) {
  const bool is_written = open() && attempt([&] { file_->append(records); });
  if (!is_written) health_.records_forgone += records.size();
}

void Writer::compact() {
  if (clock_.steady() < next_compaction_ || !file_) return;
  next_compaction_ = clock_.steady() + compaction_interval;
  attempt([this] { file_->compact(clock_.wall(), limits_); });
}

template <class Act>
bool Writer::attempt(Act act) {
  try {
    act();
    if (!health_.trouble.empty()) log::info("history {}: written again", path_);
    health_.trouble.clear();
    return true;
  } catch (const store::StoreError& error) {
    on_failure(error);
    return false;
  }
}

void Writer::on_failure(const store::StoreError& error) {
  if (health_.trouble.empty()) log::error("history: {}", error.what());
  health_.trouble = error.what();
  // What it remembers of the file may no longer be so.
  file_.reset();
  next_open_ = clock_.steady() + open_interval;
  if (error.fault() != store::Fault::damaged) return;
  try {
    const std::string name = store::set_aside(path_, clock_.wall());
    ++health_.files_set_aside;
    next_open_ = {};
    log::error("history {}: set aside as {}, a fresh one is started", path_, name);
  } catch (const std::system_error& rename_error) {
    health_.trouble = rename_error.what();
  }
}

}  // namespace shoal::history
