#include "pipeline_fixture.h"

using namespace shoal;
using namespace shoal::test;

namespace {

// A pipeline at work: two metrics after their first round, two outputs.
struct Bench : House, PipelineFixture {
  Bench() : PipelineFixture(static_cast<House&>(*this)) {
    pipeline.apply({{metric("a", a), metric("b", b)}, {output("one", one), output("two", two)}});
    pass(0s, 2);
  }
  // As a reload does it.
  void reload(agent::Work next) {
    for (const auto& line : pipeline.lines_to_stop(next)) line->stop(clock.steady() + 10s);
    pipeline.apply(std::move(next));
  }

  std::shared_ptr<FakeSource> a = saying({"a"});
  std::shared_ptr<FakeSource> b = saying({"b"});
  std::shared_ptr<FakeOutput> one = std::make_shared<FakeOutput>();
  std::shared_ptr<FakeOutput> two = std::make_shared<FakeOutput>();
};

agent::Job changed(std::string name, std::shared_ptr<plugin::Instance> instance) {
  auto job = metric(std::move(name), std::move(instance));
  job.settings.options_json = R"({"changed": true})";
  return job;
}

// The work of `bench`, its job a with this instance of another file.
agent::Work new_version(const Bench& bench, std::shared_ptr<plugin::Instance> instance) {
  auto next = bench.pipeline.work();
  next.jobs.at(0) = metric("a", std::move(instance));
  next.jobs.at(0).content = "another file";
  return next;
}

}  // namespace

TEST_SUITE("Pipeline::apply") {
  TEST_CASE("leaves what has not changed undisturbed: instances, phase and numbers") {
    Bench bench;
    const auto before = bench.job_status("metric:a");

    bench.reload(bench.pipeline.work());
    bench.pass(0s);

    CHECK(bench.job_status("metric:a").next == before.next);
    CHECK(bench.job_status("metric:a").rounds == 1);
    bench.pass(40s, 4);
    bench.flush();
    CHECK(bench.a->starts == 1);
    CHECK(bench.a->runs == 2);
    CHECK(bench.one->starts == 1);
    CHECK(bench.output_status("one").delivered == 4);
  }

  TEST_CASE("starts a changed job over and leaves the others alone") {
    Bench bench;
    const auto anew = saying({"a"});
    auto next = bench.pipeline.work();
    next.jobs.at(0) = changed("a", anew);

    bench.reload(next);
    bench.pass(5s, 3);

    CHECK(anew->runs == 1);
    CHECK(bench.a->runs == 1);
    CHECK(bench.b->runs == 1);
    CHECK(bench.rounds.back().scheduled == noon + 25s);
    CHECK(bench.job_status("metric:a").rounds == 1);
  }

  TEST_CASE("goes on with a new version of a plugin where the old one left off") {
    Bench bench;
    const auto before = bench.job_status("metric:a");
    bench.a->adopt({.counters = {{"a", {.value = 7}}}, .scheduled = noon});
    const auto anew = saying({"a"});

    bench.reload(new_version(bench, anew));
    bench.pass(0s);

    CHECK(bench.job_status("metric:a").next == before.next);
    CHECK(bench.job_status("metric:a").rounds == 1);
    CHECK(anew->memory().counters.at("a").value == 7);
    bench.wait_until([&] { return bench.a->stops == 1; });
    bench.pass(40s, 4);
    CHECK(anew->runs == 1);
    CHECK(bench.a->runs == 1);
    CHECK(bench.job_status("metric:a").rounds == 2);
    CHECK(bench.job_status("metric:a").missed == 0);
  }

  TEST_CASE("lets the old version end its round, and say farewell after it") {
    Bench bench;
    bench.a->is_blocked = true;
    bench.pass(40s, 3);
    bench.wait_until([&] { return bench.a->runs == 2; });
    const auto second = saying({"a"});
    const auto third = saying({"a"});

    bench.reload(new_version(bench, second));
    bench.reload(new_version(bench, third));
    bench.wait_until([&] { return second.use_count() == 1; });
    CHECK(bench.a->stops == 0);
    bench.a->adopt({.counters = {{"a", {.value = 7}}}, .scheduled = noon});
    bench.a->release();
    bench.wait_until([&] { return bench.a->stops == 1; });

    CHECK(bench.rounds.size() == 4);
    CHECK(bench.job_status("metric:a").last_outcome == "ok");
    CHECK(third->memory().counters.at("a").value == 7);
    CHECK(second->starts == 0);
    CHECK(second->stops == 0);
    bench.pass(1min, 6);
    CHECK(third->runs == 1);
  }

  TEST_CASE("runs a job that is gone no more") {
    Bench bench;
    auto next = bench.pipeline.work();
    next.jobs.erase(next.jobs.begin());

    bench.reload(next);
    bench.pass(40s, 3);

    CHECK(bench.a->runs == 1);
    bench.wait_until([&] { return bench.a->stops == 1; });
    CHECK(bench.rounds.back().job == "metric:b");
    CHECK(bench.status().jobs.size() == 1);
  }

  TEST_CASE("does not take a stuck instance over") {
    Bench bench;
    bench.a->is_blocked = true;
    bench.pass(40s, 3);
    bench.wait_until([&] { return bench.a->runs == 2; });
    bench.pass(20s, 4);

    const auto running = bench.pipeline.work();

    REQUIRE(running.jobs.size() == 1);
    CHECK(running.jobs.at(0).settings.id() == "metric:b");
    bench.a->release();
    bench.wait_until([&] { return !bench.pipeline.has_stuck_threads(); });
  }

  TEST_CASE("does not blame a changed job for the round that hung before it") {
    Bench bench;
    bench.a->is_blocked = true;
    bench.pass(40s, 3);
    bench.wait_until([&] { return bench.a->runs == 2; });
    const auto anew = saying({"a"});
    auto next = bench.pipeline.work();
    next.jobs.at(0) = changed("a", anew);
    bench.reload(next);

    bench.pass(20s, 5);

    CHECK(bench.rounds.at(3).outcome == run::Outcome::stuck);
    CHECK(anew->runs == 1);
    CHECK(bench.job_status("metric:a").state == "waiting");
    CHECK(bench.job_status("metric:a").last_outcome == "ok");
    CHECK(bench.pipeline.work().jobs.size() == 2);
    bench.a->release();
    bench.wait_until([&] { return !bench.pipeline.has_stuck_threads(); });
  }

  TEST_CASE("would end exactly the lines of outputs that are changed or gone") {
    Bench bench;
    auto next = bench.pipeline.work();
    CHECK(bench.pipeline.lines_to_stop(next).empty());

    next.outputs.at(1).content = "another file";
    const auto lines = bench.pipeline.lines_to_stop(next);

    REQUIRE(lines.size() == 1);
    CHECK(lines.at(0)->output().settings.name == "two");
    CHECK(bench.pipeline.lines_to_stop({}).size() == 2);
  }

  TEST_CASE("gives a replaced output what came while it was being replaced") {
    Bench bench;
    bench.wait_until([&] { return bench.output_status("two").delivered == 2; });
    const auto anew = std::make_shared<FakeOutput>();
    auto next = bench.pipeline.work();
    next.outputs.at(1).content = "another file";
    next.outputs.at(1).instance = anew;
    for (const auto& line : bench.pipeline.lines_to_stop(next)) line->stop(bench.clock.steady());

    bench.pass(40s, 4);
    bench.pipeline.apply(std::move(next));
    bench.wait_until([&] { return bench.output_status("two").delivered == 4; });

    CHECK(bench.two->stops == 1);
    CHECK(bench.two->taken().size() == 2);
    CHECK(anew->taken().size() == 2);
    CHECK(bench.one->stops == 0);
    CHECK(adds_up(bench.output_status("two")));
  }
}
