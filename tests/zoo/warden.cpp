// Keeps one animal in a process of its own, as the agent would, and tells what came of each call on
// standard output.
//   zoo_warden KIND FILE OPTIONS MEMORY_LIMIT ROUNDS
// Ends with 0 when it has told the end, whatever the animal did. Single-threaded.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "../plugin/process_house.h"
#include "base/error.h"
#include "base/quantity.h"

using namespace shoal;
using namespace shoal::plugin;
using namespace std::chrono_literals;

namespace {

void tell(const char* call, CallStatus status, const std::string& reason, std::uint64_t dropped) {
  const auto name = status_name(status);
  std::printf("%s: %.*s: %.300s\n", call, static_cast<int>(name.size()), name.data(),
              reason.c_str());
  if (dropped > 0) std::printf("dropped: %llu points\n", static_cast<unsigned long long>(dropped));
}

void tell(const char* call, const RoundReport& report) {
  tell(call, report.status, report.reason, report.dropped);
  for (const auto& record : report.records) {
    const auto* result = std::get_if<record::CheckResult>(&record);
    if (result != nullptr && result->status == record::Status::unknown) {
      std::printf("unknown: %.300s\n", result->text.c_str());
    }
  }
}

void offer(Instance& instance, const Call& call) {
  const std::vector<record::Record> records(3, record::Sample{.name = "zoo.feed", .value = 1});
  const auto report = instance.deliver(call, records);
  tell("deliver", report.status, report.reason, 0);
}

void one_round(Instance& instance, const Call& call) {
  if (instance.kind() == Kind::output) {
    offer(instance, call);
  } else {
    tell("round", instance.run(call));
  }
}

// Without the wait after a death: who has died is back for the next round.
void keep(const test::ProcessHouse& house, Instance& instance, int rounds) {
  constexpr auto patience = 1500ms;
  tell("start", instance.start(house.call(patience)));
  for (int round = 0; round < rounds; ++round) {
    // As no agent is faster; and what an animal goes on doing after its round has a time to show.
    std::this_thread::sleep_for(100ms);
    instance.forgive();
    one_round(instance, house.call(patience));
  }
  tell("stop", instance.stop(house.call(patience)));
  const auto health = instance.health();
  std::printf("deaths: %llu: %s\n", static_cast<unsigned long long>(health.deaths),
              health.last_cause.c_str());
}

Kind kind_of(const std::string& name) {
  if (name == "check") return Kind::check;
  return name == "output" ? Kind::output : Kind::metric;
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) return 2;
  const std::vector<std::string> given(words, words + count);
  const test::ProcessHouse house;
  try {
    const auto instance = house.registry.create(kind_of(given[1]), given[2],
                                                {.job = given[1] + ":animal",
                                                 .options_json = given[3],
                                                 .output = "zoo",
                                                 .isolation = config::Isolation::process,
                                                 .memory_limit_bytes = parse_bytes(given[4]),
                                                 .may_crash = true});
    keep(house, *instance, std::atoi(given[5].c_str()));
  } catch (const PluginError& refusal) {
    std::printf("refused: %s\n", refusal.what());
  }
  std::puts("the end");
  return 0;
}
