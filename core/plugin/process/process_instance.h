// An Instance in a process of its own. Whatever the plugin does there costs it one round: a process
// that dies, hangs or breaks the protocol is ended, named with its cause, and started again for the
// next round, unless it has died too often. instance.h has the thread rule.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/unique_fd.h"
#include "plugin/context.h"
#include "plugin/crash_log.h"
#include "plugin/instance.h"
#include "plugin/process/plugin_process.h"
#include "plugin/process/restarts.h"
#include "plugin/process/watch.h"

namespace shoal::plugin {

class ProcessInstance final : public Instance {
 public:
  struct Settings {
    Kind kind = Kind::metric;
    Launch launch;
    std::string version;               // of the plugin
    std::vector<std::string> secrets;  // values that no message, log line or report may show
    Context::Settings context;
    Allowance allowance;
    CrashLog* crashes = nullptr;  // outlives this; null: crashes are logged only
  };
  // Starts the process and has the plugin made. Throws PluginError, "FILE: REASON", if create()
  // refuses, or, unless `may_crash`, if it does not end well; with `may_crash` that counts as the
  // first death of an instance that is tried again with its first round.
  ProcessInstance(Settings settings, const Services& services, bool may_crash);
  // Ends the process.
  ~ProcessInstance() override;

  Kind kind() const override { return settings_.kind; }
  RoundReport start(const Call& call) override;
  RoundReport run(const Call& call) override;
  DeliveryReport deliver(const Call& call, std::span<const record::Record> records) override;
  RoundReport stop(const Call& call) override;
  void cancel() noexcept override;
  void abandon() noexcept override;
  SeriesMemory memory() const override { return context_.memory(); }
  void adopt(SeriesMemory memory) override { context_.adopt(std::move(memory)); }
  bool is_isolated() const override { return true; }
  Health health() const override;
  void forgive() override;

 private:
  // What a call came to.
  struct Outcome {
    CallStatus status = CallStatus::ok;
    std::string reason;
    wire::Done done;
  };

  std::optional<Outcome> revive(const Call& call);
  Outcome create(SteadyTime deadline);
  Outcome begin(wire::Act act, const Call& call, std::span<const record::Record> records = {});
  template <class Message>
  Outcome converse(const Message& message, std::uint64_t id, SteadyTime deadline);
  Outcome listen(std::uint64_t id, SteadyTime deadline);
  // Whether the message ended the call; then `outcome` is filled.
  bool take(wire::FromPlugin message, std::uint64_t id, SteadyTime deadline, Outcome& outcome);
  void take_samples(const std::vector<wire::Sample>& samples);
  void show_lines();
  Outcome bury(CallStatus status, const std::string& cause);
  Outcome bury_dead();
  void end_if_greedy(Outcome& outcome);
  void write_report(const std::string& cause, const Death& death);
  std::string masked(std::string text) const;

  const Settings settings_;
  const Services& services_;
  const UniqueFd wake_;
  Context context_;
  std::unique_ptr<PluginProcess> process_;  // null: to be started
  std::optional<Watch> watch_;              // over process_
  bool is_created_ = false;
  bool is_started_ = false;  // whether start() has succeeded in this process, or is not wanted yet
  bool wants_start_ = false;
  std::uint64_t last_id_ = 0;
  std::string during_;
  std::atomic<bool> is_cancelled_{false};
  std::atomic<bool> is_abandoned_{false};

  mutable std::mutex mutex_;  // guards all below
  Restarts restarts_;
  std::string last_cause_;
  SteadyTime alive_since_;
  pid_t pid_ = 0;
};

}  // namespace shoal::plugin
