#include "route/router.h"

#include <doctest/doctest.h>

using namespace shoal::record;
using shoal::route::Destination;
using shoal::route::Kinds;
using shoal::route::Router;

namespace {

const Destination mackerel{
    .accepts = {Kind::sample, Kind::check_result, Kind::metadata, Kind::graph_definition}};
const Destination slack{.accepts = {Kind::event}};

Record sample(const char* name) {
  return Sample{.name = name};
}

Record check(const char* name) {
  return CheckResult{.name = name};
}

Record event(const char* job) {
  return Event{.job = job};
}

}  // namespace

TEST_SUITE("Router") {
  TEST_CASE("sends a record to every output that accepts its kind") {
    const Router router({mackerel, slack});

    CHECK(router.route(sample("loadavg5")) == 0b01);
    CHECK(router.route(check("web")) == 0b01);
    CHECK(router.route(event("check:web")) == 0b10);
    CHECK(router.route(Metadata{}) == 0b01);
    CHECK(router.route(GraphDefinition{}) == 0b01);
  }

  TEST_CASE("sends nothing anywhere when there is no output") {
    CHECK(Router({}).route(sample("loadavg5")) == 0);
  }

  TEST_CASE("heeds a match among what the output accepts") {
    Destination web_only = slack;
    web_only.match = {"event:check:web*", "check:*"};
    const Router router({mackerel, web_only});

    CHECK(router.route(event("check:web-front")) == 0b10);
    CHECK(router.route(event("check:db")) == 0);
    CHECK(router.route(check("web")) == 0b01);
  }

  TEST_CASE("without a match sends only what the output gets by default") {
    const Destination picky{.accepts = Kinds::all(), .by_default = {Kind::event}};
    Destination asked = picky;
    asked.match = {"sample:*"};
    const Router router({picky, asked});

    CHECK(router.route(event("check:web")) == 0b01);
    CHECK(router.route(sample("loadavg5")) == 0b10);
  }

  TEST_CASE("has room for 64 outputs") {
    const Router router(std::vector<Destination>(64, slack));

    CHECK(router.route(event("check:web")) == ~0ULL);
    CHECK(router.route(sample("loadavg5")) == 0);
  }
}
