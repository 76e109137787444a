// The queue thread: takes rounds from the loop thread and group-commits what has arrived, at most
// 50 ms after it came: the states of alerts with their events, then the durable queue, then the
// local history. What the history holds is therefore in the queue for good, and an event leaves
// only when it can no longer be forgotten.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "alert/alert_store.h"
#include "alert/alerts.h"
#include "base/bounded_queue.h"
#include "base/clock.h"
#include "history/writer.h"
#include "queue/queue.h"
#include "relay/relay.h"

namespace shoal::agent {

class Recorder {
 public:
  struct Commit {
    queue::OutputMask outputs = 0;      // that have something new
    queue::OutputMask urgent = 0;       // those of them for which some of it is urgent
    std::vector<record::Event> events;  // that are saved now
  };
  // What became of events that somebody waits for.
  using OnKept = std::function<void(relay::Kept kept)>;
  // Called on the queue thread after each commit.
  using Committed = std::function<void(Commit commit)>;
  // Each may be null: no durable output, no history, states that nobody remembers.
  struct Files {
    queue::Queue* queue = nullptr;
    std::unique_ptr<history::Writer> history;
    std::unique_ptr<alert::AlertStore> alerts;
  };

  Recorder(Files files, const Clock& clock, Committed committed);
  // Commits what has been handed in, then ends.
  ~Recorder();

  // Never waits. When commits cannot keep up the oldest round goes and is counted; a round of more
  // than a thousand records finds 120,000 waiting in all, or is the one that goes.
  void record(std::vector<queue::Entry> round, queue::OutputMask urgent = 0);
  // Never waits, and never goes: it is little, and each event is told once. `events` are those of
  // `changes`, or of an earlier run, with their outputs.
  void record_alerts(alert::Changes changes, std::vector<queue::Entry> events);
  // Never waits, never goes, and is committed without gathering: `on_kept` is called on the queue
  // thread once the events are durable, or will not be. Thread-safe. What comes from outside may
  // fill half of an output's queue, so that it displaces nothing that the agent itself has to say.
  void record_awaited(std::vector<queue::Entry> events, OnKept on_kept);
  std::uint64_t displaced_rounds() const { return rounds_.displaced_count() + refused_rounds_; }
  alert::StoreHealth alert_health() const;

 private:
  struct Round {
    std::vector<queue::Entry> entries;
    queue::OutputMask urgent = 0;
  };

  struct Alerts {
    alert::Changes changes;
    std::vector<queue::Entry> events;
  };

  struct Awaited {
    std::vector<queue::Entry> events;
    OnKept on_kept;
  };

  void work();
  void gather();
  Alerts take_alerts();
  std::vector<Awaited> take_awaited();
  void commit(Round group, Alerts alerts);
  relay::Kept room_for(const Awaited& one, std::uint64_t& claimed_bytes) const;
  std::vector<Awaited> admit_awaited(std::vector<queue::Entry>& entries, Commit& commit);
  void enqueue(std::vector<queue::Entry>& entries, Commit& commit);
  void mark_told(const std::vector<record::Event>& events);
  void clean_up();

  Files files_;  // the queue thread's
  const Clock& clock_;
  Committed committed_;
  SteadyTime next_clean_up_{};
  BoundedQueue<Round> rounds_{4096};
  std::atomic<std::size_t> waiting_records_ = 0;  // not committed yet
  std::atomic<std::uint64_t> refused_rounds_ = 0;
  std::mutex mutex_;
  Alerts alerts_;  // under the mutex, as the next
  std::vector<Awaited> awaited_;
  std::condition_variable hurried_;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

}  // namespace shoal::agent
