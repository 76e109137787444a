// Plugins that do as the test says, in place of loaded ones. Thread-safe after they were set up.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugin/instance.h"

namespace shoal::test {

// A metric or a check.
class FakeSource final : public plugin::Instance {
 public:
  using Answer = std::function<plugin::RoundReport(const plugin::Call&)>;

  explicit FakeSource(Answer answer) : answer_(std::move(answer)) {}

  plugin::Kind kind() const override { return plugin::Kind::metric; }
  plugin::RoundReport start(const plugin::Call&) override {
    ++starts;
    return {};
  }
  plugin::RoundReport run(const plugin::Call& call) override {
    ++runs;
    is_blocked.wait(true);
    return answer_(call);
  }
  plugin::DeliveryReport deliver(const plugin::Call&, std::span<const record::Record>) override {
    return {};
  }
  plugin::RoundReport stop(const plugin::Call&) override {
    ++stops;
    return {};
  }
  void cancel() noexcept override { ++cancels; }
  void abandon() noexcept override { is_abandoned = true; }
  plugin::SeriesMemory memory() const override { return memory_; }
  void adopt(plugin::SeriesMemory memory) override { memory_ = std::move(memory); }

  void release() {
    is_blocked = false;
    is_blocked.notify_all();
  }

  std::atomic<bool> is_blocked = false;  // run() waits until release()
  std::atomic<bool> is_abandoned = false;
  std::atomic<int> starts = 0;
  std::atomic<int> runs = 0;
  std::atomic<int> stops = 0;
  std::atomic<int> cancels = 0;

 private:
  const Answer answer_;
  plugin::SeriesMemory memory_;
};

// Keeps what it is offered. Names that begin with "bad" it rejects, with "later" it puts off.
class FakeOutput final : public plugin::Instance {
 public:
  plugin::Kind kind() const override { return plugin::Kind::output; }
  plugin::RoundReport start(const plugin::Call&) override {
    ++starts;
    return {};
  }
  plugin::RoundReport run(const plugin::Call&) override { return {}; }
  plugin::DeliveryReport deliver(const plugin::Call&,
                                 std::span<const record::Record> records) override {
    if (is_down) return {.status = plugin::CallStatus::retry, .reason = "HTTP 503"};
    plugin::DeliveryReport report{.reason = "of its name", .next_offer = next_offer};
    const std::lock_guard lock(mutex_);
    for (const record::Record& record : records) {
      report.verdicts.push_back(verdict_on(record::route_key(record)));
      if (report.verdicts.back() == plugin::Verdict::delivered) taken_.push_back(record);
    }
    return report;
  }
  plugin::RoundReport stop(const plugin::Call&) override {
    ++stops;
    return {};
  }
  void cancel() noexcept override {}
  void abandon() noexcept override {}

  std::vector<record::Record> taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }
  std::vector<std::string> taken_keys() const {
    std::vector<std::string> keys;
    for (const record::Record& record : taken()) keys.push_back(record::route_key(record));
    return keys;
  }

  std::optional<WallTime> next_offer;  // of regular batches; set before it is used
  std::atomic<bool> is_down = false;
  std::atomic<int> starts = 0;
  std::atomic<int> stops = 0;

 private:
  static plugin::Verdict verdict_on(const std::string& key) {
    if (key.starts_with("sample:bad")) return plugin::Verdict::rejected;
    if (key.starts_with("sample:later")) return plugin::Verdict::retry;
    return plugin::Verdict::delivered;
  }

  mutable std::mutex mutex_;
  std::vector<record::Record> taken_;
};

}  // namespace shoal::test
