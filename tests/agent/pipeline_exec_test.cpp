#include <filesystem>
#include <fstream>
#include <iterator>

#include "pipeline_fixture.h"

using namespace shoal;
using namespace shoal::test;

namespace {

struct Bench : House, PipelineFixture {
  Bench() : PipelineFixture(static_cast<House&>(*this)) {}

  // Lets commands end, which takes time of this world.
  template <class Condition>
  void work_for(std::chrono::seconds patience, Condition condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition() && std::chrono::steady_clock::now() < end) {
      if (!loop.run_ready()) std::this_thread::yield();
    }
  }
  template <class Condition>
  void wait_for_commands(Condition condition) {
    work_for(60s, condition);
    REQUIRE(condition());
  }
  std::string content(const std::string& name) const {
    std::ifstream file(directory.file(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

config::Command shell(std::string text) {
  return {.words = {}, .shell = std::move(text)};
}

}  // namespace

TEST_SUITE("Pipeline with commands") {
  TEST_CASE("runs the action of a plugin's check after each round, and tells it the result") {
    Bench bench;
    auto status = record::Status::warning;
    const auto check = std::make_shared<FakeSource>([&](const plugin::Call&) {
      return plugin::RoundReport{
          .records = {record::CheckResult{.name = "web", .status = status, .text = "slow"}}};
    });
    auto job = metric("web", check);
    job.settings.action = config::ActionSettings{
        .command = shell("echo $MACKEREL_STATUS/$MACKEREL_PREVIOUS_STATUS/$MACKEREL_CHECK_MESSAGE "
                         ">> " +
                         bench.directory.file("told"))};
    job.action = run::action_of(job.settings);
    bench.pipeline.apply({{job}, {}});

    bench.pass(0s, 1);
    bench.wait_for_commands([&] { return bench.content("told") == "WARNING//slow\n"; });
    status = record::Status::ok;
    bench.pass(41s, 2);

    bench.wait_for_commands(
        [&] { return bench.content("told") == "WARNING//slow\nOK/WARNING/slow\n"; });
  }

  TEST_CASE("asks again for graph definitions that a command could not give") {
    Bench bench;
    const auto ready = bench.directory.file("ready");
    agent::Job job{.settings = {.name = "dice"}};
    job.settings.command = shell(R"(
      echo run >> )" + bench.directory.file("runs") +
                                 R"(
      [ -n "$MACKEREL_AGENT_PLUGIN_META" ] || exit 0
      echo '# mackerel-agent-plugin'
      test -e )" + ready + R"( && echo '{"graphs":{"dice":{"label":"Dice","metrics":[]}}}')");
    job.command = std::make_shared<const run::ExecJob>(run::exec_job(job.settings));
    const auto sink = std::make_shared<FakeOutput>();
    bench.pipeline.apply({{job}, {output("out", sink)}});
    bench.pass(0s);
    bench.wait_for_commands([&] { return bench.content("runs") == "run\nrun\n"; });
    bench.wait_for_commands([&] { return bench.rounds.size() == 1; });
    std::ofstream(ready).close();

    // Should the loop not yet have taken the first answer, the next try is later than that.
    for (int tries = 0; tries < 10 && sink->taken().empty(); ++tries) {
      bench.pass(11min);
      bench.work_for(3s, [&] { return !sink->taken().empty(); });
    }

    CHECK(sink->taken_keys() == Keys{"graph:dice"});
  }
}
