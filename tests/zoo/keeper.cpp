// Keeps one animal inline, as the agent would, and tells what came of each call on standard output.
//   zoo_keeper KIND FILE OPTIONS ROUNDS
// Ends with 0 if it lives to tell the end, with 9 if the plugin was refused. Single-threaded but
// for what the animal starts.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "../plugin/plugin_house.h"

using namespace shoal;
using namespace shoal::plugin;

namespace {

void tell(const char* call, CallStatus status, const std::string& reason) {
  const auto name = status_name(status);
  std::printf("%s: %.*s: %.200s\n", call, static_cast<int>(name.size()), name.data(),
              reason.c_str());
  // Now, since the next call may be the last.
  std::fflush(stdout);
}

void tell(const char* call, const RoundReport& report) {
  tell(call, report.status, report.reason);
  std::printf("  %zu records, %llu dropped\n", report.records.size(),
              static_cast<unsigned long long>(report.dropped));
}

void offer(Instance& instance, const Call& call) {
  const std::vector<record::Record> records(3, record::Sample{.name = "zoo.feed", .value = 1});
  const auto report = instance.deliver(call, records);
  tell("deliver", report.status, report.reason);
  std::printf("  %zu verdicts\n", report.verdicts.size());
}

void keep(test::PluginHouse& house, Kind kind, const std::string& file,
          const InstanceSettings& settings, int rounds) {
  house.install(kind, file, "animal");
  auto instance = house.registry.create(kind, "animal", settings);
  tell("start", instance->start(house.call()));
  for (int round = 0; round < rounds; ++round) {
    if (kind == Kind::output) {
      offer(*instance, house.call());
    } else {
      tell("round", house.round(*instance));
    }
  }
  tell("stop", instance->stop(house.call()));
  instance.reset();
  // For what goes on behind our back.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

Kind kind_of(const std::string& name) {
  if (name == "check") return Kind::check;
  return name == "output" ? Kind::output : Kind::metric;
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) return 2;
  const std::vector<std::string> given(words, words + count);
  test::PluginHouse house;
  InstanceSettings settings{.job = given[1] + ":animal", .options_json = given[3], .output = "zoo"};
  try {
    keep(house, kind_of(given[1]), given[2], settings, std::atoi(given[4].c_str()));
  } catch (const PluginError& refusal) {
    std::printf("refused: %s\n", refusal.what());
    return 9;
  }
  std::puts("the end");
  return 0;
}
