#include "relay/relay.h"

#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "relay/rate_limit.h"
#include "support/fake_clock.h"

using namespace shoal;
using namespace shoal::relay;
using nlohmann::json;

namespace {

const auto* const hello = R"({"tag":"ops","text":"hi"})";

// A relay whose events go nowhere, with the outcome that a test wants.
struct Bench {
  explicit Bench(int rate = 0)
      : relay({.rate = rate, .tags = {{.name = "ops"}}}, clock,
              [this](std::vector<record::Event> given) {
                events.insert(events.end(), given.begin(), given.end());
                return kept;
              }) {}

  http::Answer post(const std::string& path, const std::string& body) {
    return relay.answer({.method = "POST", .path = path, .body = body});
  }
  http::Answer get(const std::string& path) {
    return relay.answer({.method = "GET", .path = path});
  }

  test::FakeClock clock;
  Kept kept = Kept::durable;
  std::vector<record::Event> events;
  Relay relay;
};

std::string message_in(const http::Answer& answer) {
  return json::parse(answer.body)["message"];
}

}  // namespace

TEST_SUITE("Relay") {
  TEST_CASE("answers when the event is kept, as slackboard does") {
    Bench bench;

    const auto answer = bench.post("/notify", hello);

    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"message":"ok"})");
    CHECK(answer.content_type == "application/json; charset=utf8");
    REQUIRE(bench.events.size() == 1);
    const auto& event = bench.events[0];
    CHECK(event.job == "notify:ops");
    CHECK(event.time == bench.clock.wall());
    REQUIRE(event.links.size() == 1);
    CHECK(event.links[0].key == "slack_payload");
    CHECK(json::parse(event.links[0].value)["channel"] == "#random");
    CHECK(bench.relay.counts().taken == 1);
  }

  TEST_CASE("gives each event an id of its own") {
    Bench first, second;
    first.post("/notify", hello);
    first.post("/notify", hello);
    second.post("/notify", hello);

    std::set<std::string> ids;
    for (const auto& event : first.events) ids.insert(event.id);
    for (const auto& event : second.events) ids.insert(event.id);
    CHECK(ids.size() == 3);
  }

  TEST_CASE("refuses what it does not understand, and counts it") {
    Bench bench;

    CHECK(bench.post("/notify", "{").status == 400);
    CHECK(bench.post("/notify-directly", "{}").status == 400);
    CHECK(message_in(bench.get("/notify")) == "invalid method: expected POST");
    const auto too_long = bench.relay.answer(
        {.method = "POST", .path = "/notify", .body = hello, .is_too_long = true});
    CHECK(too_long.status == 400);
    CHECK(bench.post("/notify", R"({"tag":"x","text":"hi"})").status == 400);
    CHECK(bench.post("/nothing", hello).status == 404);

    CHECK(bench.events.empty());
    CHECK(bench.relay.counts().malformed == 4);
    CHECK(bench.relay.counts().unknown_tags == 1);
  }

  TEST_CASE("says why it cannot keep a message") {
    Bench bench;
    for (const auto& [kept, words] :
         {std::pair{Kept::no_output, "no durable output takes event:notify:ops"},
          {Kept::no_room, "is too far behind"},
          {Kept::not_durable, "the disk does not take it"}}) {
      bench.kept = kept;
      const auto answer = bench.post("/notify", hello);
      CHECK(answer.status == 503);
      CHECK(message_in(answer).find(words) != std::string::npos);
    }
    CHECK(bench.relay.counts().not_kept == 3);
    CHECK(bench.relay.counts().taken == 0);
  }

  TEST_CASE("holds its rate for whoever asks, and says when to come again") {
    Bench bench(2);

    CHECK(bench.post("/notify", hello).status == 200);
    CHECK(bench.post("/notify", R"({"tag":"ops","text":"hi","sync":true})").status == 200);
    const auto answer = bench.post("/notify", hello);
    CHECK(answer.status == 429);
    CHECK(message_in(answer) == "more than 2 messages a second");
    CHECK(answer.headers == std::vector<std::pair<std::string, std::string>>{{"Retry-After", "1"}});

    bench.clock.advance(std::chrono::milliseconds(500));
    CHECK(bench.post("/notify", hello).status == 200);
    CHECK(bench.post("/notify", hello).status == 429);
    CHECK(bench.relay.counts().over_rate == 2);
  }

  TEST_CASE("takes up other tags") {
    Bench bench;

    bench.relay.configure({.tags = {{.name = "dev"}}});

    CHECK(bench.post("/notify", hello).status == 400);
    CHECK(bench.post("/notify", R"({"tag":"dev","text":"hi"})").status == 200);
  }

  TEST_CASE("gives nobody more because it is configured again") {
    Bench bench(1);
    CHECK(bench.post("/notify", hello).status == 200);

    bench.relay.configure({.rate = 1, .tags = {{.name = "ops"}}});

    CHECK(bench.post("/notify", hello).status == 429);
  }

  TEST_CASE("tells its configuration, but for the webhook") {
    Bench bench(3);
    const auto* const expected = R"([core]
port = "127.0.0.1:29800"
slack_url = "..."
qps = 3

[[tags]]
tag = "ops"
channel = "#random"
username = "slackboard"
icon_emoji = ":clipboard:"
parse = "full"
)";

    CHECK(bench.get("/config/app").body == expected);
    CHECK(bench.get("/app/config").body == expected);
  }

  TEST_CASE("tells how the process fares") {
    Bench bench;

    const json stats = json::parse(bench.get("/stat/go").body);

    CHECK(stats["time"] == unix_nanoseconds(bench.clock.wall()));
    CHECK(stats["goroutine_num"] >= 1);
    CHECK(stats["cpu_num"] >= 1);
    // A sanitizer's heap says 0 of itself.
    CHECK(stats["memory_sys"] >= stats["memory_alloc"]);
  }
}

TEST_SUITE("RateLimit") {
  TEST_CASE("lets a second's worth through at once, and no more after a pause") {
    test::FakeClock clock;
    RateLimit limit(clock, 3);
    clock.advance(std::chrono::hours(1));

    CHECK(limit.take());
    CHECK(limit.take());
    CHECK(limit.take());
    CHECK_FALSE(limit.take());
  }

  TEST_CASE("is none at zero") {
    test::FakeClock clock;
    RateLimit limit(clock, 0);

    for (int i = 0; i < 1000; ++i) CHECK(limit.take());
  }
}
