// An output that does as a test says and remembers what it was offered.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plugin/instance.h"

namespace shoal::test {

inline record::Record sample(double value, WallTime time = {}) {
  return record::Sample{.name = "loadavg5", .value = value, .time = time};
}
// One that is told by its text among the values of samples.
inline record::Record check_result(int value) {
  return record::CheckResult{.name = "web", .text = std::to_string(value)};
}
inline double value_of(const record::Record& record) {
  const auto* sample = std::get_if<record::Sample>(&record);
  return sample ? sample->value : std::stod(std::get<record::CheckResult>(record).text);
}

using Values = std::vector<double>;

class Receiver final : public plugin::Instance {
 public:
  // What it answers; by default it takes everything.
  std::function<plugin::DeliveryReport(const Values&)> answer;
  std::function<plugin::RoundReport()> on_start;
  std::function<void()> on_cancel;

  std::vector<Values> offers;  // each call of deliver()
  std::vector<plugin::Call> calls;
  Values taken;  // what it said delivered to, in order
  int starts = 0;
  int stops = 0;
  int cancels = 0;

  static plugin::DeliveryReport all(const Values& values,
                                    plugin::Verdict verdict = plugin::Verdict::delivered) {
    return {.verdicts = std::vector<plugin::Verdict>(values.size(), verdict)};
  }
  static plugin::DeliveryReport failure(plugin::CallStatus status = plugin::CallStatus::retry,
                                        std::string reason = "HTTP 503") {
    return {.status = status, .reason = std::move(reason)};
  }

  plugin::Kind kind() const override { return plugin::Kind::output; }
  plugin::RoundReport start(const plugin::Call&) override {
    ++starts;
    return on_start ? on_start() : plugin::RoundReport{};
  }
  plugin::RoundReport run(const plugin::Call&) override { return {}; }
  plugin::DeliveryReport deliver(const plugin::Call& call,
                                 std::span<const record::Record> records) override {
    Values values;
    for (const auto& record : records) values.push_back(value_of(record));
    offers.push_back(values);
    calls.push_back(call);
    plugin::DeliveryReport report = answer ? answer(values) : all(values);
    for (std::size_t i = 0; i < report.verdicts.size() && i < values.size(); ++i) {
      if (report.verdicts[i] == plugin::Verdict::delivered) taken.push_back(values[i]);
    }
    return report;
  }
  plugin::RoundReport stop(const plugin::Call&) override {
    ++stops;
    return {};
  }
  void cancel() noexcept override {
    ++cancels;
    if (on_cancel) on_cancel();
  }
  void abandon() noexcept override {}
};

}  // namespace shoal::test
