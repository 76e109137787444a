// The host of a wire plugin under test: the agent's own process instance, over services that do as
// the test says. One test's; its services are thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "conformance/trial.h"
#include "plugin/http.h"
#include "plugin/identity.h"
#include "plugin/plugin_log.h"
#include "plugin/process/process_instance.h"
#include "plugin/state.h"

namespace shoal::conformance {

class MemoryState final : public plugin::State {
 public:
  std::optional<std::string> get(std::string_view job, std::string_view key) override;
  void put(std::string_view job, std::string_view key, std::string_view value) override;
  void remove(std::string_view job, std::string_view key) override;

 private:
  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> values_;
};

// Gives the answers in turn, for ever; without any it waits until nobody does.
class ScriptedHttp final : public plugin::Http {
 public:
  explicit ScriptedHttp(std::vector<plugin::HttpOutcome> answers) : answers_(std::move(answers)) {}
  plugin::HttpOutcome request(const plugin::HttpRequest& request, SteadyTime deadline,
                              const std::atomic<std::uint32_t>& cancel) override;

 private:
  const std::vector<plugin::HttpOutcome> answers_;
  std::mutex mutex_;
  std::size_t next_ = 0;
};

class PlainIdentity final : public plugin::Identity {
 public:
  std::string host_name() override { return "host.test"; }
  std::optional<std::string> host_id(std::string_view) override { return {}; }
  void set_host_id(std::string_view, std::string_view) override {}
  std::string host_spec_json() override { return R"({"name": "host.test", "meta": {}})"; }
  std::string jobs_json() override { return "[]"; }
};

// The subject at work as a process, and what it did wrong so far.
class WireWorld {
 public:
  WireWorld(Trial& trial, plugin::Http* http, bool has_services = true);

  // False if it could not be made; that is said.
  bool create();
  void start();
  // One round, or one offer of such records.
  void round(std::chrono::milliseconds patience, const std::vector<record::Record>& records);
  void stop();
  void cancel() { instance_->cancel(); }
  int pid() const { return instance_->health().pid; }

 private:
  class Silence final : public plugin::PluginLog {
    void write(std::uint32_t, std::string_view, std::string_view) override {}
  };

  plugin::Call call(std::chrono::milliseconds patience) const;
  void judge(plugin::CallStatus status, const std::string& reason);

  Trial& trial_;
  SystemClock clock_;
  Silence log_;
  MemoryState state_;
  PlainIdentity identity_;
  plugin::Services services_;
  std::unique_ptr<plugin::ProcessInstance> instance_;
  std::uint64_t deaths_ = 0;
};

// The program that gives a plugin a process of its own. Throws Error if it is not installed.
std::string plugin_host_program();

// `count` records of all kinds that the subject accepts, in turn.
std::vector<record::Record> some_records(const Subject& subject, std::size_t count);

}  // namespace shoal::conformance
