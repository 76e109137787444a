// Plugins that were built with another SDK than ours: those of the museum with every earlier one,
// kept as files for ever, and the same sources built with headers that have grown beyond ours. Each
// must load and say the same, inline and in a process of its own.
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/clock.h"
#include "plugin/registry.h"
#include "plugin/state_store.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::plugin;

namespace {

namespace files = std::filesystem;

struct House {
  test::TemporaryDirectory directory;
  SystemClock clock;
  StateStore state{directory.file("state.db"), clock};
  Services services{.clock = clock, .state = &state};
  Registry registry{{.plugin_dirs = {directory.file("plugins")},
                     .copy_dir = directory.file("copies"),
                     .host_program = PLUGIN_HOST,
                     .crashes = nullptr},
                    services};

  std::shared_ptr<Instance> create(Kind kind, const std::string& folder,
                                   config::Isolation isolation) const {
    // A checkout may have given the file modes that a plugin must not have.
    const auto file = directory.path() / (std::string(kind_name(kind)) + ".so");
    files::copy_file(folder + "/" + file.filename().string(), file,
                     files::copy_options::overwrite_existing);
    files::permissions(file, files::perms(0644));
    return registry.create(kind, file.string(),
                           {.job = std::string(kind_name(kind)) + ":it", .isolation = isolation});
  }

  Call call() const { return {clock.wall(), clock.steady() + std::chrono::seconds(30), 1}; }
};

constexpr WallTime some_time = from_unix_nanoseconds(1767366000000000000);

// The folders of plugins, with how each is to be run.
template <class Body>
void with_each(Body body) {
  std::vector<std::string> folders{GROWN};
  for (const auto& entry : files::directory_iterator(MUSEUM)) {
    if (entry.path().filename().string().ends_with(ARCHITECTURE)) folders.push_back(entry.path());
  }
  REQUIRE(folders.size() > 1);
  for (const auto& folder : folders) {
    for (const auto isolation : {config::Isolation::inline_, config::Isolation::process}) {
      CAPTURE(folder);
      CAPTURE(static_cast<int>(isolation));
      const House house;
      body(house, folder, isolation);
    }
  }
}

double value_of(const RoundReport& report, const std::string& name) {
  for (const auto& record : report.records) {
    const auto* sample = std::get_if<record::Sample>(&record);
    if (sample != nullptr && sample->name == name) return sample->value;
  }
  FAIL("no sample ", name);
  return 0;
}

}  // namespace

TEST_SUITE("a plugin of another SDK") {
  TEST_CASE("is read without being run") {
    with_each([](const House& house, const std::string& folder, config::Isolation) {
      const auto file = house.directory.file("metric.so");
      files::copy_file(folder + "/metric.so", file);
      files::permissions(file, files::perms(0644));

      CHECK(house.registry.describe(file).manifest.id == "metric");
    });
  }

  TEST_CASE("of kind metric counts its rounds and makes rates") {
    with_each([](const House& house, const std::string& folder, config::Isolation isolation) {
      const auto instance = house.create(Kind::metric, folder, isolation);

      const auto first = instance->run(house.call());
      const auto second = instance->run(house.call());

      CHECK(first.reason == "");
      CHECK(second.status == CallStatus::ok);
      CHECK(value_of(first, "exhibit.rounds") == 1);
      CHECK(value_of(second, "exhibit.rounds") == 2);
      CHECK(value_of(second, "exhibit.counter") > 0);
      CHECK(value_of(second, "exhibit.interval") == 5);
      // This host has not grown, and its plugins can tell.
      CHECK(value_of(second, "exhibit.grown") == 0);
    });
  }

  TEST_CASE("of kind check judges once it was started") {
    with_each([](const House& house, const std::string& folder, config::Isolation isolation) {
      const auto instance = house.create(Kind::check, folder, isolation);
      REQUIRE(instance->start(house.call()).status == CallStatus::ok);

      const auto report = instance->run(house.call());

      REQUIRE(report.records.size() == 1);
      const auto& result = std::get<record::CheckResult>(report.records[0]);
      CHECK(result.status == record::Status::warning);
      CHECK(result.text == "WARNING: shallow");
      REQUIRE(result.samples.size() == 1);
      CHECK(result.samples[0].value == 12.5);
      CHECK(instance->stop(house.call()).status == CallStatus::ok);
    });
  }

  TEST_CASE("of kind output gives a verdict on each record") {
    with_each([](const House& house, const std::string& folder, config::Isolation isolation) {
      const auto instance = house.create(Kind::output, folder, isolation);
      const std::vector<record::Record> records{
          record::Sample{.name = "a.b.c",
                         .labels = {{"of", "exhibit"}},
                         .unit = "bytes",
                         .value = 2.5,
                         .time = some_time},
          record::CheckResult{.name = "web", .status = record::Status::critical, .text = "down"},
          record::Event{.id = "1", .job = "check:web"}};

      const auto report = instance->deliver(house.call(), records);

      CHECK(report.status == CallStatus::ok);
      CHECK(report.verdicts == std::vector{Verdict::delivered, Verdict::rejected, Verdict::retry});
      CHECK(report.retry_after == std::chrono::milliseconds(1500));
    });
  }
}
