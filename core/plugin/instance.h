// One configured plugin at work, wherever it runs: inline in the agent, or in a process of its own
// behind the same interface. Callers cannot tell.
//
// One call at a time, from any thread; only cancel() and abandon() may come while a call runs.
// Calls block until the plugin returns. Nothing is thrown: a call that fails says so in its report.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "plugin/series_memory.h"
#include "record/record.h"

namespace shoal::plugin {

enum class Kind : std::uint8_t { metric, check, output };
std::string_view kind_name(Kind kind);

// As the SHOAL_ statuses of shoal/types.h, which say what each means.
enum class CallStatus : std::uint8_t {
  ok,
  nothing,
  retry,
  config,
  auth,
  rejected,
  unsupported,
  cancelled,
  deadline,
  permission,
  bug,
  failed
};
std::string_view status_name(CallStatus status);

// The fate of one record that was offered to an output.
enum class Verdict : std::uint8_t { retry = 0, delivered = 1, rejected = 2 };

struct Call {
  WallTime scheduled;
  SteadyTime deadline;
  std::uint32_t attempt = 1;
};

struct RoundReport {
  CallStatus status = CallStatus::ok;
  std::string reason;  // for people; empty when ok
  // What the plugin said, also when it failed half way. Counters are rates here, names are checked,
  // values finite. A check gives exactly one CheckResult, UNKNOWN with the reason if it failed.
  std::vector<record::Record> records;
  std::uint64_t dropped = 0;  // points that could not become records: bad values, over the cap
};

struct DeliveryReport {
  CallStatus status = CallStatus::ok;
  std::string reason;
  std::vector<Verdict> verdicts;  // one per record when status is ok, else empty
  std::optional<std::chrono::milliseconds> retry_after;
  std::optional<WallTime> next_offer;  // when the receiver wants its next regular batch
};

// How an instance fares beyond its single calls; for people.
struct Health {
  int pid = 0;  // of its process; 0: none at present
  std::uint64_t deaths = 0;
  std::string last_cause;  // of the last death
  bool is_quarantined = false;
  std::optional<SteadyTime> not_before;  // when it is started again, if it has to wait
};

class Instance {
 public:
  virtual ~Instance() = default;

  virtual Kind kind() const = 0;

  // Opens what creation may not. Call once before the first round; again after CallStatus::retry.
  virtual RoundReport start(const Call& call) = 0;
  // One round of a metric or a check.
  virtual RoundReport run(const Call& call) = 0;
  // Offers records to an output, oldest first.
  virtual DeliveryReport deliver(const Call& call, std::span<const record::Record> records) = 0;
  // Says farewell; no run() or deliver() after it.
  virtual RoundReport stop(const Call& call) = 0;

  // Asks the running call, if there is one, to end soon. Returns at once.
  virtual void cancel() noexcept = 0;
  // Gives up on a call that does not end: whatever it still says meets a tombstone. The caller
  // keeps the instance alive until that call returns.
  virtual void abandon() noexcept = 0;

  // What its counters read last, for the instance that takes its place; between calls.
  virtual SeriesMemory memory() const { return {}; }
  // Goes on from there. Before the first round.
  virtual void adopt(SeriesMemory) {}

  // Whether it runs in a process of its own: calls then wait for that process, and always return.
  virtual bool is_isolated() const { return false; }
  // From any thread, at any time.
  virtual Health health() const { return {}; }
  // Ends a quarantine and a wait. From any thread, at any time.
  virtual void forgive() {}
};

}  // namespace shoal::plugin
