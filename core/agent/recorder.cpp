#include "agent/recorder.h"

#include <chrono>
#include <iterator>
#include <utility>

#include "base/log.h"
#include "base/memory.h"

namespace shoal::agent {
namespace {

// Rounds of one tick come within a few milliseconds of each other; one commit serves them all.
constexpr std::chrono::milliseconds gathering_time{20};
constexpr double most_fill_from_outside = 0.5;
constexpr std::chrono::minutes clean_up_interval{1};

// Whoever says more than this in a round has to find room.
constexpr std::size_t small_round = 1000;
// Some megabytes: worth a walk over the heap.
constexpr std::size_t large_group = 10'000;
// So much is in memory at most, less the small rounds.
constexpr std::size_t most_waiting_records = 120'000;

std::vector<record::Record> records_of(std::vector<queue::Entry> group) {
  std::vector<record::Record> records;
  records.reserve(group.size());
  for (queue::Entry& entry : group) records.push_back(std::move(entry.record));
  return records;
}

template <class T>
void append(std::vector<T>& all, std::vector<T> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Not less than what the queue counts for it.
std::uint64_t bytes_of(const record::Event& event) {
  constexpr std::uint64_t all_else = 256;
  std::uint64_t bytes =
      all_else + event.id.size() + event.job.size() + event.text.size() + event.dedupe_key.size();
  for (const record::Label& label : event.links)
    bytes += label.key.size() + label.value.size() + 16;
  return bytes;
}

void log_loss(std::size_t records) {
  log::error("recorder: commits cannot keep up, a round of {} records is lost", records);
}

}  // namespace

Recorder::Recorder(Files files, const Clock& clock, Committed committed)
    : files_(std::move(files)),
      clock_(clock),
      committed_(std::move(committed)),
      thread_([this] { work(); }) {}

Recorder::~Recorder() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  hurried_.notify_one();
  rounds_.close();
  thread_.join();
}

void Recorder::record(std::vector<queue::Entry> round, queue::OutputMask urgent) {
  const std::size_t size = round.size();
  if (size > small_round && waiting_records_ + size > most_waiting_records) {
    ++refused_rounds_;
    return log_loss(size);
  }
  waiting_records_ += size;
  if (const auto displaced = rounds_.push({std::move(round), urgent})) {
    waiting_records_ -= displaced->entries.size();
    log_loss(displaced->entries.size());
  }
}

// A round follows in any case: it is what wakes the thread.
void Recorder::record_alerts(alert::Changes changes, std::vector<queue::Entry> events) {
  const std::lock_guard lock(mutex_);
  append(alerts_.changes.states, std::move(changes.states));
  append(alerts_.changes.removed, std::move(changes.removed));
  append(alerts_.changes.events, std::move(changes.events));
  append(alerts_.events, std::move(events));
}

void Recorder::record_awaited(std::vector<queue::Entry> events, OnKept on_kept) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    is_first = awaited_.empty();
    awaited_.push_back({std::move(events), std::move(on_kept)});
  }
  if (!is_first) return;  // The thread has been woken already, and takes all there are.
  hurried_.notify_one();
  record({});
}

std::vector<Recorder::Awaited> Recorder::take_awaited() {
  const std::lock_guard lock(mutex_);
  return std::exchange(awaited_, {});
}

Recorder::Alerts Recorder::take_alerts() {
  const std::lock_guard lock(mutex_);
  return std::exchange(alerts_, {});
}

alert::StoreHealth Recorder::alert_health() const {
  return files_.alerts == nullptr ? alert::StoreHealth{} : files_.alerts->health();
}

// Whoever waits for their records is not made to wait for others'.
void Recorder::gather() {
  std::unique_lock lock(mutex_);
  hurried_.wait_for(lock, gathering_time, [this] { return is_stopping_ || !awaited_.empty(); });
}

void Recorder::work() {
  while (auto first = rounds_.pop()) {
    gather();
    Round group = std::move(*first);
    for (Round& round : rounds_.drain()) {
      append(group.entries, std::move(round.entries));
      group.urgent |= round.urgent;
    }
    const std::size_t size = group.entries.size();
    try {
      commit(std::move(group), take_alerts());
    } catch (const std::exception& error) {
      log::error("recorder: {} records: {}", size, error.what());
      for (Awaited& one : take_awaited()) one.on_kept(relay::Kept::not_durable);
    }
    waiting_records_ -= size;
    if (size >= large_group) give_back_heap();
  }
}

void Recorder::commit(Round group, Alerts alerts) {
  if (files_.alerts != nullptr && !alerts.changes.empty()) files_.alerts->save(alerts.changes);
  Commit commit{.urgent = group.urgent};
  for (const queue::Entry& entry : alerts.events) {
    commit.events.push_back(std::get<record::Event>(entry.record));
    commit.urgent |= entry.outputs;
  }
  append(group.entries, std::move(alerts.events));
  enqueue(group.entries, commit);
  if (files_.history != nullptr) files_.history->append(records_of(std::move(group.entries)));
  clean_up();
  committed_(std::move(commit));
}

// Whether what came from outside can be kept: it shall neither displace anything nor be displaced.
relay::Kept Recorder::room_for(const Awaited& one, std::uint64_t& claimed_bytes) const {
  queue::OutputMask outputs = 0;
  std::uint64_t bytes = 0;
  for (const queue::Entry& entry : one.events) {
    outputs |= entry.outputs;
    bytes += bytes_of(std::get<record::Event>(entry.record));
  }
  if (files_.queue->fill(outputs, claimed_bytes + bytes) > most_fill_from_outside) {
    return relay::Kept::no_room;
  }
  claimed_bytes += bytes;
  return relay::Kept::durable;
}

// Adds what is awaited to `entries`; who cannot be served is told at once.
std::vector<Recorder::Awaited> Recorder::admit_awaited(std::vector<queue::Entry>& entries,
                                                       Commit& commit) {
  std::vector<Awaited> admitted;
  std::uint64_t claimed_bytes = 0;
  const bool can_keep = files_.queue != nullptr && files_.queue->health().trouble.empty();
  for (Awaited& one : take_awaited()) {
    const relay::Kept outlook = can_keep ? room_for(one, claimed_bytes) : relay::Kept::not_durable;
    if (outlook != relay::Kept::durable) {
      one.on_kept(outlook);
      continue;
    }
    for (const queue::Entry& entry : one.events) commit.urgent |= entry.outputs;
    entries.insert(entries.end(), one.events.begin(), one.events.end());
    admitted.push_back(std::move(one));
  }
  return admitted;
}

// Into the queue, what is awaited too; then who waits is told.
void Recorder::enqueue(std::vector<queue::Entry>& entries, Commit& commit) {
  std::vector<Awaited> admitted = admit_awaited(entries, commit);
  for (const queue::Entry& entry : entries) commit.outputs |= entry.outputs;
  bool is_durable = false;
  if (files_.queue != nullptr && commit.outputs != 0) is_durable = files_.queue->append(entries);
  if (!commit.events.empty()) mark_told(commit.events);
  for (Awaited& one : admitted) {
    for (queue::Entry& entry : one.events) {
      commit.events.push_back(std::move(std::get<record::Event>(entry.record)));
    }
    one.on_kept(is_durable ? relay::Kept::durable : relay::Kept::not_durable);
  }
}

void Recorder::mark_told(const std::vector<record::Event>& events) {
  if (files_.alerts == nullptr) return;
  std::vector<std::string> ids;
  for (const record::Event& event : events) ids.push_back(event.id);
  files_.alerts->mark_told(ids);
}

void Recorder::clean_up() {
  if (clock_.steady() < next_clean_up_) return;
  if (files_.queue != nullptr) files_.queue->enforce_limits();
  if (files_.history != nullptr) files_.history->compact();
  next_clean_up_ = clock_.steady() + clean_up_interval;
}

}  // namespace shoal::agent
