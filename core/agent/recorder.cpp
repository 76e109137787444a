#include "agent/recorder.h"

#include <chrono>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace shoal::agent {
namespace {

// Rounds of one tick come within a few milliseconds of each other; one commit serves them all.
constexpr std::chrono::milliseconds gathering_time{20};
constexpr std::chrono::minutes clean_up_interval{1};

std::vector<record::Record> records_of(const std::vector<queue::Entry>& group) {
  std::vector<record::Record> records;
  records.reserve(group.size());
  for (const queue::Entry& entry : group) records.push_back(entry.record);
  return records;
}

}  // namespace

Recorder::Recorder(queue::Queue* queue, std::unique_ptr<history::Writer> history,
                   const Clock& clock, Committed committed)
    : queue_(queue),
      history_(std::move(history)),
      clock_(clock),
      committed_(std::move(committed)),
      thread_([this] { work(); }) {}

Recorder::~Recorder() {
  is_stopping_ = true;
  rounds_.close();
  thread_.join();
}

void Recorder::record(std::vector<queue::Entry> round, queue::OutputMask urgent) {
  if (const auto displaced = rounds_.push({std::move(round), urgent})) {
    log::error("recorder: commits cannot keep up, a round of {} records is lost",
               displaced->entries.size());
  }
}

void Recorder::work() {
  while (auto first = rounds_.pop()) {
    if (!is_stopping_) std::this_thread::sleep_for(gathering_time);
    Round group = std::move(*first);
    for (Round& round : rounds_.drain()) {
      group.entries.insert(group.entries.end(), std::make_move_iterator(round.entries.begin()),
                           std::make_move_iterator(round.entries.end()));
      group.urgent |= round.urgent;
    }
    commit(group);
  }
}

void Recorder::commit(const Round& group) try {
  queue::OutputMask outputs = 0;
  for (const queue::Entry& entry : group.entries) outputs |= entry.outputs;
  if (queue_ != nullptr && outputs != 0) queue_->append(group.entries);
  if (history_ != nullptr) history_->append(records_of(group.entries));
  clean_up();
  committed_(outputs, group.urgent);
} catch (const std::exception& error) {
  log::error("recorder: {} records: {}", group.entries.size(), error.what());
}

void Recorder::clean_up() {
  if (clock_.steady() < next_clean_up_) return;
  if (queue_ != nullptr) queue_->enforce_limits();
  if (history_ != nullptr) history_->compact();
  next_clean_up_ = clock_.steady() + clean_up_interval;
}

}  // namespace shoal::agent
