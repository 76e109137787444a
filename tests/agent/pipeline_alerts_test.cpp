// Results through the alert stage: events beside them, times that come due, and what a kill leaves.
#include "pipeline_fixture.h"

using namespace shoal;
using namespace shoal::test;

namespace {

struct Bench : PipelineFixture {
  explicit Bench(House& the_house) : PipelineFixture(the_house) {}

  void apply(std::vector<config::SilenceSettings> silences = {}) {
    const auto source = std::make_shared<FakeSource>([this](const plugin::Call& call) {
      return plugin::RoundReport{.records = {record::CheckResult{
                                     .name = "web", .status = status, .time = call.scheduled}}};
    });
    auto job = metric("web", source);
    job.settings.kind = config::JobKind::check;
    job.plugin->id = job.settings.id();
    job.settings.ttl = 3min;
    job.settings.notification_interval_minutes = 10;
    auto durable = output("durable", sink);
    durable.manifest.accepts.push_back(record::Kind::event);
    auto kept = output("kept", memory);
    kept.manifest.accepts.push_back(record::Kind::event);
    kept.manifest.is_durable = false;
    pipeline.apply({{job}, {durable, kept}, std::move(silences)});
  }

  std::vector<record::Event> events(const FakeOutput& output) const {
    std::vector<record::Event> found;
    for (const auto& record : output.taken()) {
      if (const auto* event = std::get_if<record::Event>(&record)) found.push_back(*event);
    }
    return found;
  }
  void wait_for_events(std::size_t count) {
    wait_until([&] { return events(*sink).size() >= count && events(*memory).size() >= count; });
  }

  std::atomic<record::Status> status = record::Status::ok;
  std::shared_ptr<FakeOutput> sink = std::make_shared<FakeOutput>();
  std::shared_ptr<FakeOutput> memory = std::make_shared<FakeOutput>();
};

record::Event left_by_a_kill() {
  return {.id = "check:web@2026-01-02T11:00:00Z/1",
          .job = "check:web",
          .time = noon - 1h,
          .to = record::Status::critical,
          .since = noon - 1h,
          .text = "refused"};
}

}  // namespace

TEST_SUITE("Pipeline with checks") {
  TEST_CASE("passes results on and tells of a change beside them") {
    House house;
    Bench bench(house);
    bench.apply();
    bench.pass(1min);
    bench.wait_for_rounds(1);
    bench.status = record::Status::critical;
    bench.pass(1min, 2);
    bench.wait_for_events(1);
    bench.flush();

    CHECK(bench.sink->taken_keys() == Keys{"check:web", "check:web", "event:check:web"});
    CHECK(bench.events(*bench.memory) == bench.events(*bench.sink));
    const auto event = bench.events(*bench.sink).front();
    CHECK(event.from == record::Status::ok);
    CHECK(event.to == record::Status::critical);
    history::Reader reader(house.directory.file("history.db"));
    CHECK(reader.transitions({}, "check:web").size() == 1);
  }

  TEST_CASE("goes on in the next run where it was in the last") {
    House house;
    {
      Bench bench(house);
      bench.status = record::Status::critical;
      bench.apply();
      bench.pass(1min, 1);
      bench.wait_for_events(1);
      bench.flush();
    }
    Bench bench(house);
    bench.status = record::Status::critical;
    bench.apply();
    bench.pass(1min, 1);
    bench.status = record::Status::ok;
    bench.pass(1min, 2);
    bench.wait_for_events(1);
    bench.flush();

    const auto events = bench.events(*bench.memory);
    REQUIRE(events.size() == 1);
    CHECK(events[0].from == record::Status::critical);
    CHECK(events[0].to == record::Status::ok);
  }

  TEST_CASE("tells again, as it was, what a kill left untold, and forgets it then") {
    House house;
    {
      alert::AlertStore store(house.directory.file("alerts.db"), house.clock);
      store.save({.events = {left_by_a_kill()}});
    }
    {
      Bench bench(house);
      bench.apply();
      bench.wait_for_events(1);
      bench.flush();

      CHECK(bench.events(*bench.sink) == std::vector{left_by_a_kill()});
      CHECK(bench.events(*bench.memory) == std::vector{left_by_a_kill()});
    }
    CHECK(alert::AlertStore(house.directory.file("alerts.db"), house.clock).untold().empty());
  }

  TEST_CASE("tells without any round what time brings") {
    House house;
    Bench bench(house);
    bench.status = record::Status::critical;
    bench.apply();
    bench.pass(1min, 1);
    bench.wait_for_events(1);

    bench.pass(10min);
    bench.wait_for_events(2);

    CHECK(bench.events(*bench.sink)[1].text.starts_with("still CRITICAL for 10m"));
  }

  TEST_CASE("takes an acknowledgement, and shows it") {
    House house;
    Bench bench(house);
    bench.status = record::Status::critical;
    bench.apply();
    bench.pass(1min, 1);
    bench.wait_for_events(1);

    CHECK(bench.pipeline.acknowledge("check:web", {.by = "ann"}) == "");
    bench.wait_for_events(2);

    CHECK(bench.events(*bench.sink)[1].text == "acknowledged by ann");
    REQUIRE(bench.job_status("check:web").check);
    CHECK(bench.job_status("check:web").check->hard_status == "CRITICAL");
    CHECK(bench.job_status("check:web").check->acknowledged_by == "ann");
    CHECK(bench.pipeline.acknowledge("check:db", {.by = "ann"}) ==
          "check:db: there is no such check");
  }
}
