#include "pipeline_fixture.h"

using namespace shoal;
using namespace shoal::test;

namespace {

struct Bench : House, PipelineFixture {
  Bench() : PipelineFixture(static_cast<House&>(*this)) {}
};

std::vector<WallTime> history_of(const House& house, const std::string& name) {
  history::Reader reader(house.directory.file("history.db"));
  std::vector<WallTime> times;
  const auto series = reader.series(name, WallTime{});
  if (!series) return times;
  for (const auto& point : series->points) times.push_back(point.time);
  return times;
}

}  // namespace

TEST_SUITE("Pipeline") {
  TEST_CASE("brings what a round said to the queue, the history and the output") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    bench.pipeline.apply({{metric("load", saying({"load"}))}, {output("out", sink)}});

    bench.pass(0s, 1);
    bench.flush();

    CHECK(sink->taken() == std::vector<record::Record>{
                               record::Sample{.name = "load", .value = 1, .time = noon + 20s}});
    CHECK(bench.queue.last_id() == 1);
    CHECK(bench.output_status("out").delivered == 1);
    CHECK(history_of(bench, "load") == std::vector{noon + 20s});
  }

  TEST_CASE("makes a check's performance samples samples like any other") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    const record::Sample time{.name = "check.web.time", .value = 0.5, .time = noon + 20s};
    const record::CheckResult result{
        .name = "web", .status = record::Status::ok, .time = noon + 20s, .samples = {time}};
    const auto check = std::make_shared<FakeSource>(
        [&](const plugin::Call&) { return plugin::RoundReport{.records = {result}}; });
    bench.pipeline.apply({{metric("web", check)}, {output("out", sink)}});

    bench.pass(0s, 1);
    bench.flush();

    CHECK(sink->taken() == std::vector<record::Record>{result, time});
    CHECK(history_of(bench, "check.web.time") == std::vector{noon + 20s});
  }

  TEST_CASE("runs a metric at once, then at whole minutes, and stamps its records so") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    bench.pipeline.apply({{metric("load", saying({"load"}))}, {output("out", sink)}});

    bench.pass(0s, 1);
    bench.pass(41s, 2);
    bench.pass(60s, 3);
    bench.flush();

    CHECK(bench.stamps() == std::vector{noon + 20s, noon + 1min, noon + 2min});
    CHECK(history_of(bench, "load") == bench.stamps());
  }

  TEST_CASE("delivers as soon as a round is committed") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    bench.pipeline.apply({{metric("load", saying({"load"}))}, {output("out", sink)}});

    bench.pass(0s);

    bench.wait_until([&] { return bench.output_status("out").delivered == 1; });
    CHECK(sink->taken_keys() == Keys{"sample:load"});
  }

  TEST_CASE("has a check's change delivered at once, and its samples when the output wants them") {
    Bench bench;
    auto status = record::Status::ok;
    const auto check = std::make_shared<FakeSource>([&](const plugin::Call& call) {
      return plugin::RoundReport{
          .records = {record::Sample{.name = "load", .value = 1, .time = call.scheduled},
                      record::CheckResult{.name = "web", .status = status}}};
    });
    const auto sink = std::make_shared<FakeOutput>();
    sink->next_offer = noon + 1h;
    bench.pipeline.apply({{metric("load", check)}, {output("out", sink)}});
    bench.pass(0s);
    bench.wait_until([&] { return sink->taken().size() == 2; });

    bench.pass(40s, 2);
    status = record::Status::critical;
    bench.pass(60s, 3);
    bench.wait_until([&] { return sink->taken().size() == 4; });

    CHECK(sink->taken_keys() == Keys{"sample:load", "check:web", "check:web", "check:web"});
    CHECK(bench.output_status("out").pending == 2);
  }

  TEST_CASE("gives each output what it accepts and asks for") {
    Bench bench;
    const auto all = std::make_shared<FakeOutput>();
    const auto disks = std::make_shared<FakeOutput>();
    const auto checks = std::make_shared<FakeOutput>();
    auto only_disks = output("disks", disks);
    only_disks.settings.match = {"sample:disk.*"};
    auto only_checks = output("checks", checks);
    only_checks.manifest.accepts = {record::Kind::check_result};
    bench.pipeline.apply({{metric("host", saying({"disk.reads", "load", "disk.writes"}))},
                          {output("all", all), only_disks, only_checks}});

    bench.pass(0s, 1);
    bench.flush();

    CHECK(all->taken_keys() == Keys{"sample:disk.reads", "sample:load", "sample:disk.writes"});
    CHECK(disks->taken_keys() == Keys{"sample:disk.reads", "sample:disk.writes"});
    CHECK(checks->taken_keys().empty());
    CHECK(bench.output_status("checks").accepted == 0);
  }

  TEST_CASE("runs a check soon after the start and brings its result") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    auto check = metric("web", std::make_shared<FakeSource>([](const plugin::Call& call) {
                          plugin::RoundReport report;
                          report.records.emplace_back(record::CheckResult{
                              .name = "web", .text = "fine", .time = call.scheduled});
                          return report;
                        }));
    check.settings.kind = config::JobKind::check;
    check.plugin->id = "check:web";
    bench.pipeline.apply({{check}, {output("out", sink)}});

    bench.pass(5s, 1);
    bench.flush();

    CHECK(sink->taken_keys() == Keys{"check:web"});
    CHECK(bench.job_status("check:web").last_outcome == "ok");
  }

  TEST_CASE("hands an output that wants no durability its records without storing them") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    auto terminal = output("terminal", sink);
    terminal.manifest.is_durable = false;
    bench.pipeline.apply({{metric("load", saying({"load"}))}, {terminal}});

    bench.pass(0s, 1);
    bench.flush();

    CHECK(sink->taken_keys() == Keys{"sample:load"});
    CHECK(bench.queue.last_id() == 0);
    CHECK_FALSE(bench.output_status("terminal").is_durable);
  }

  TEST_CASE(
      "announces a plugin's graphs at its start, of that time, so that they are not too old") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    auto strict = output("out", sink);
    strict.manifest.max_age = 24h;
    auto job = metric("dice", saying({}));
    job.graphs = {{.name = "dice", .label = "Dice"}};
    bench.pipeline.apply({{job}, {strict}});

    bench.pass(0s, 1);
    bench.flush();

    REQUIRE(sink->taken_keys() == Keys{"graph:dice"});
    CHECK(record::time_of(sink->taken().front()) == noon + 20s);
  }

  TEST_CASE("shows why a job fails, and goes on with it and with the others") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    bench.pipeline.apply(
        {{metric("broken", failing("no such file")), metric("load", saying({"a"}))},
         {output("out", sink)}});

    bench.pass(0s, 2);
    bench.pass(40s, 4);
    bench.flush();

    const auto broken = bench.job_status("metric:broken");
    CHECK(broken.last_outcome == "failed");
    CHECK(broken.last_reason == "no such file");
    CHECK(broken.failures == 2);
    CHECK(broken.rounds == 2);
    CHECK(broken.state == "waiting");
    CHECK(broken.next == noon + 2min);
    CHECK(broken.what == "plugin fake");
    CHECK(bench.job_status("metric:load").last_outcome == "ok");
    CHECK(bench.job_status("metric:load").last_records == 1);
    CHECK(sink->taken_keys() == Keys{"sample:a", "sample:a"});
  }

  TEST_CASE("reports a stuck job once, shows it as stuck and goes on with the others") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    const auto slow = saying({"too.late"});
    slow->is_blocked = true;
    bench.pipeline.apply(
        {{metric("slow", slow), metric("load", saying({"load"}))}, {output("out", sink)}});
    bench.pass(0s, 1);
    bench.wait_until([&] { return slow->runs == 1; });

    bench.pass(20s, 2);
    bench.pass(20s, 4);
    bench.pass(60s, 6);
    bench.wait_until([&] { return bench.output_status("out").delivered == 4; });

    CHECK(slow->is_abandoned);
    CHECK(slow->runs == 1);
    CHECK(bench.job_status("metric:slow").state == "stuck");
    CHECK(bench.job_status("metric:slow").last_reason ==
          "stuck in an earlier round; no longer called until a reload");
    CHECK(bench.job_status("metric:load").rounds == 3);
    CHECK(bench.pipeline.has_stuck_threads());
    CHECK(sink->taken_keys() == Keys{"sample:load", "check:shoal", "sample:load", "sample:load"});
    const auto report = std::get<record::CheckResult>(sink->taken().at(1));
    CHECK(report.status == record::Status::critical);
    CHECK(report.text ==
          "metric:slow: did not return within 20 s; no longer called until a reload");

    slow->release();
    bench.wait_until([&] { return !bench.pipeline.has_stuck_threads(); });
  }

  TEST_CASE("accounts for every record that an output was meant to have") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    bench.pipeline.apply(
        {{metric("mixed", saying({"good", "bad", "later", "fine"}))}, {output("out", sink)}});

    bench.pass(0s, 1);
    bench.wait_until([&] { return bench.output_status("out").delivered == 2; });

    const auto status = bench.output_status("out");
    CHECK(status.accepted == 4);
    CHECK(status.rejected == 1);
    CHECK(status.pending == 1);
    CHECK(adds_up(status));
    CHECK(bench.queue.dead_letters().at(0).reason == "of its name");
  }

  TEST_CASE("shows an output that fails, and keeps its records") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    sink->is_down = true;
    bench.pipeline.apply({{metric("load", saying({"load"}))}, {output("out", sink)}});

    bench.pass(0s, 1);
    bench.wait_until([&] { return !bench.output_status("out").last_error.empty(); });

    const auto status = bench.output_status("out");
    CHECK(status.last_error == "HTTP 503");
    CHECK(status.failing_since == noon + 20s);
    CHECK(status.pending == 1);
    CHECK(adds_up(status));
  }
}
