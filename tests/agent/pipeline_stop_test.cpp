#include "pipeline_fixture.h"

using namespace shoal;
using namespace shoal::test;

namespace {

struct Bench : House, PipelineFixture {
  Bench() : PipelineFixture(static_cast<House&>(*this)) {}
};

}  // namespace

TEST_SUITE("Pipeline::stop_rounds") {
  TEST_CASE("is idle once the plugins have said farewell, and starts no round any more") {
    Bench bench;
    const auto load = saying({"load"});
    bench.pipeline.apply({{metric("load", load)}, {}});
    bench.pass(0s, 1);
    bool is_idle = false;

    bench.pipeline.stop_rounds(30s, [&] { is_idle = true; });
    bench.wait_until([&] { return is_idle; });

    CHECK(load->stops == 1);
    CHECK_FALSE(bench.pipeline.has_stuck_threads());
    bench.pass(1h);
    CHECK(bench.job_status("metric:load").rounds == 1);
  }

  TEST_CASE("is idle when the last round ends, whose records still count") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    const auto slow = saying({"slow"});
    slow->is_blocked = true;
    bench.pipeline.apply({{metric("slow", slow)}, {output("out", sink)}});
    bench.pass(0s);
    bench.wait_until([&] { return slow->runs == 1; });
    int idle = 0;

    bench.pipeline.stop_rounds(30s, [&] { ++idle; });
    CHECK(idle == 0);
    slow->release();
    bench.wait_until([&] { return idle > 0; });
    bench.flush();

    CHECK(idle == 1);
    CHECK(slow->cancels == 0);
    CHECK(sink->taken_keys() == Keys{"sample:slow"});
    CHECK_FALSE(bench.pipeline.has_stuck_threads());
  }

  TEST_CASE("asks rounds that outlast the patience to end, then goes without them and says so") {
    Bench bench;
    const auto slow = saying({"slow"});
    slow->is_blocked = true;
    auto job = metric("slow", slow);
    job.plugin->timeout = 1h;
    bench.pipeline.apply({{job}, {}});
    bench.pass(0s);
    bench.wait_until([&] { return slow->runs == 1; });
    bool is_idle = false;
    bench.pipeline.stop_rounds(30s, [&] { is_idle = true; });

    bench.pass(30s);
    CHECK(slow->cancels == 1);
    CHECK_FALSE(is_idle);
    bench.pass(11s);

    CHECK(is_idle);
    CHECK(bench.pipeline.has_stuck_threads());
    slow->release();
    bench.wait_for_rounds(1);
  }
}

TEST_SUITE("Pipeline::flush") {
  TEST_CASE("commits and delivers what is pending, and says farewell to the outputs") {
    Bench bench;
    const auto sink = std::make_shared<FakeOutput>();
    bench.pipeline.apply({{metric("load", saying({"load", "more"}))}, {output("out", sink)}});
    bench.pass(0s, 1);

    bench.pipeline.stop_rounds(30s, [] {});
    bench.flush();

    CHECK(sink->taken_keys() == Keys{"sample:load", "sample:more"});
    CHECK(sink->stops == 1);
    CHECK(bench.output_status("out").state == "stopped");
    CHECK(bench.output_status("out").pending == 0);
  }

  TEST_CASE("keeps what could not be delivered for the next pipeline on the same files") {
    House house;
    const auto sink = std::make_shared<FakeOutput>();
    sink->is_down = true;
    {
      PipelineFixture first(house);
      first.pipeline.apply({{metric("load", saying({"load"}))}, {output("out", sink)}});
      first.pass(0s, 1);
      first.pass(40s, 2);
      first.pipeline.stop_rounds(30s, [] {});
      first.flush();
      CHECK(first.output_status("out").pending == 2);
    }
    sink->is_down = false;

    PipelineFixture second(house);
    second.pipeline.apply({{}, {output("out", sink)}});
    second.wait_until([&] { return second.output_status("out").delivered == 2; });

    const auto taken = sink->taken();
    REQUIRE(taken.size() == 2);
    CHECK(record::time_of(taken.at(0)) == noon + 20s);
    CHECK(record::time_of(taken.at(1)) == noon + 1min);
    CHECK(second.output_status("out").accepted == 2);
    CHECK(second.output_status("out").pending == 0);
    CHECK(adds_up(second.output_status("out")));
  }
}
