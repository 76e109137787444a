#include <doctest/doctest.h>

#include "fake_slack_test.h"
#include "support/recorded.h"

using namespace shoal::slack::test;
using nlohmann::json;

namespace {

constexpr std::uint32_t ok = SHOAL_CHECK_OK;
constexpr std::uint32_t warning = SHOAL_CHECK_WARNING;
constexpr std::uint32_t critical = SHOAL_CHECK_CRITICAL;

json recorded_json(const std::string& name) {
  return json::parse(shoal::test::recorded(name));
}

// The body of the one message that tells these events.
json told(const Events& events, const PluginFixture::OptionMap& options = {}) {
  FakeSlack slack(options);
  const auto [status, verdicts] = slack.plugin.deliver(events.all);
  CHECK(status == SHOAL_OK);
  CHECK(verdicts == Verdicts(events.all.size(), delivered));
  REQUIRE(slack.requests.size() == 1);
  return slack.last_body();
}

const auto* const tags = R"({"tags": {
  "db": {"channel": "#db", "username": "shoal", "icon_emoji": ":fish:", "match": ["check:db*"]},
  "ops": {"channel": "#ops", "match": ["check:*"]}}})";

Events many(int count) {
  Events events;
  for (int i = 0; i < count; ++i) events.fails("web" + std::to_string(i));
  return events;
}

}  // namespace

TEST_SUITE("slack") {
  TEST_CASE("posts JSON to the webhook") {
    FakeSlack slack;

    slack.plugin.deliver(Events().fails("web").all);

    REQUIRE(slack.requests.size() == 1);
    CHECK(slack.requests[0].method == "POST");
    CHECK(slack.requests[0].url == "https://hooks.slack.test/services/T0/B0/secret");
    CHECK(slack.requests[0].headers[0].second == "application/json; charset=utf-8");
  }

  TEST_CASE("tells a problem with host, check, text, since when and links") {
    Events events;
    events
        .add("check:web", ok, critical, "http://a/ <refused> & late\nsecond line",
             then + 130 * second, then)
        .link("url", "https://runbook/?a=1&b=2")
        .link("memo", "call the <web> team")
        .link("graph", "https://graph/web");

    CHECK(told(events) == recorded_json("problem.json"));
  }

  TEST_CASE("tells how long what is over has lasted") {
    Events events;
    events.add("check:web", critical, ok, "200 in 0.1 s", then + 7'800 * second,
               then + 7'800 * second, "check:web@2026-11-22T04:48:10Z");

    CHECK(told(events) == recorded_json("recovery.json"));
  }

  TEST_CASE("tells a notice so that it looks like no change") {
    Events events;
    events.add("check:web", critical, critical, "still CRITICAL for 2h 10m (3rd notice)\nrefused",
               then + 7'800 * second, then);

    CHECK(told(events) == recorded_json("notice.json"));
  }

  TEST_CASE("tells what a person or a script says") {
    Events events;
    events.add("notify:ops", ok, ok, "deployed 1.2.3\nby hand");

    CHECK(told(events) == recorded_json("message.json"));
  }

  TEST_CASE("tells a few that come together in one message") {
    Events events;
    events.fails("web", "refused")
        .add("check:db", ok, warning, "slow")
        .add("check:old", warning, ok, "");

    CHECK(told(events) == recorded_json("together.json"));
  }

  TEST_CASE("fills in the link's template") {
    const auto body = told(Events().fails("disk /srv"),
                           {{"link", "https://grafana/d/x?host={host}&check={check}"}});

    CHECK(body["text"] ==
          "CRITICAL: <https://grafana/d/x?host=host.test&amp;check=disk%20%2Fsrv|disk /srv> on "
          "host.test");
  }

  TEST_CASE("says that it tells late") {
    FakeSlack slack;
    slack.plugin.unix_ns = then + 3'700 * second;

    slack.plugin.deliver(Events().fails("web").all);

    CHECK(slack.last_body()["attachments"][0]["footer"] == "told 1h 1m late");
  }

  TEST_CASE("cuts what is too long") {
    const auto body = told(Events().fails("web", std::string(100'000, 'x')));

    const auto text = body["attachments"][0]["text"].get<std::string>();
    CHECK(text == std::string(1468, 'x') + "... (98532 bytes cut)");
  }

  TEST_CASE("sends tags to their channels") {
    FakeSlack slack({}, tags);
    Events events;
    events.fails("db1").fails("web").add("notify:other", ok, ok, "hello");

    CHECK(slack.deliver_until_settled(events.all) == Verdicts(3, delivered));

    REQUIRE(slack.requests.size() == 3);
    CHECK(slack.body(0)["channel"] == "#db");
    CHECK(slack.body(0)["username"] == "shoal");
    CHECK(slack.body(0)["icon_emoji"] == ":fish:");
    CHECK(slack.body(1)["channel"] == "#ops");
    CHECK_FALSE(slack.body(1).contains("username"));
    CHECK_FALSE(slack.body(2).contains("channel"));
  }

  TEST_CASE("refuses options it cannot work with") {
    const PluginFixture no_url(PluginFixture::OptionMap{{"webhook", "secret"}});
    CHECK(no_url.create_status == SHOAL_CONFIG);
    CHECK(no_url.reason ==
          "option webhook: expected a URL such as https://hooks.slack.com/services/...");
    const FakeSlack bad_tags({}, R"({"tags": 1})");
    CHECK(bad_tags.plugin.create_status == SHOAL_CONFIG);
    CHECK(bad_tags.plugin.reason == "option tags: expected an object");
  }
}

TEST_SUITE("slack's pace") {
  TEST_CASE("is a message a second, and what has to wait is no failure") {
    FakeSlack slack;
    slack.plugin.deliver(Events().fails("a").all);
    CHECK(slack.plugin.delivery.next_offer_ns == then + second);
    slack.plugin.unix_ns += second / 2;

    const auto [status, verdicts] = slack.plugin.deliver(Events().add("check:b", 0, 2, "").all);

    CHECK(status == SHOAL_OK);
    CHECK(slack.requests.size() == 1);
  }

  TEST_CASE("leaves for later what the call has no time for") {
    FakeSlack slack({}, tags);
    Events events;
    events.fails("web").fails("db").fails("other");

    const auto [status, verdicts] = slack.plugin.deliver(events.all);

    CHECK(status == SHOAL_OK);
    CHECK(verdicts == Verdicts{delivered, retry, delivered});
    CHECK(slack.plugin.delivery.retry_after_ms == 1'000);
    slack.plugin.unix_ns += second;
    CHECK(slack.plugin.deliver({events.all[1]}).second == Verdicts{delivered});
    CHECK(slack.requests.size() == 2);
  }

  TEST_CASE("gathers a burst until it grows no more") {
    FakeSlack slack;
    const auto events = many(30);
    const std::vector<shoal_record> first(events.all.begin(), events.all.begin() + 20);

    CHECK(slack.plugin.deliver(first) == std::pair{SHOAL_OK, Verdicts(20, retry)});
    CHECK(slack.plugin.delivery.retry_after_ms == 2'000);
    CHECK(slack.plugin.deliver(events.all).second == Verdicts(30, retry));
    CHECK(slack.requests.empty());
    CHECK(slack.plugin.deliver(events.all).second == Verdicts(30, delivered));

    REQUIRE(slack.requests.size() == 1);
    CHECK(slack.last_body()["text"] == "30 events on host.test: 30 CRITICAL");
  }

  TEST_CASE("does not gather a burst for more than ten seconds") {
    FakeSlack slack;
    const auto events = many(30);
    for (int size = 6; size <= 10; ++size) {
      slack.plugin.deliver({events.all.begin(), events.all.begin() + size});
      slack.plugin.unix_ns += 2 * second;
    }
    CHECK(slack.requests.empty());

    slack.plugin.deliver(events.all);

    CHECK(slack.requests.size() == 1);
  }
}

TEST_SUITE("slack's answers") {
  TEST_CASE("429: nothing is posted before Retry-After, and all is kept") {
    FakeSlack slack;
    slack.answers = {answer(429, "rate_limited", 30'000)};
    const auto events = failing("web");

    CHECK(slack.plugin.deliver(events.all).first == SHOAL_RETRY);
    CHECK(slack.plugin.reason == "Slack answers HTTP 429 rate_limited");
    CHECK(slack.plugin.delivery.retry_after_ms == 30'000);
    slack.plugin.unix_ns += 10 * second;
    CHECK(slack.plugin.deliver(events.all).first == SHOAL_RETRY);
    CHECK(slack.plugin.delivery.retry_after_ms == 20'000);
    CHECK(slack.requests.size() == 1);
    slack.plugin.unix_ns += 20 * second;

    CHECK(slack.plugin.deliver(events.all).second == Verdicts{delivered});
    CHECK(slack.requests.size() == 2);
  }

  TEST_CASE("of failures that pass keep the event") {
    for (const auto& [status, body] : {std::pair{500, "rollup_error"},
                                       {503, "<html>busy</html>"},
                                       {302, ""},
                                       {200, "<html>log in</html>"}}) {
      FakeSlack slack;
      slack.answers = {answer(status, body)};
      const auto events = failing("web");

      CHECK(slack.plugin.deliver(events.all).first == SHOAL_RETRY);
      slack.plugin.unix_ns += second;
      CHECK(slack.plugin.deliver(events.all).second == Verdicts{delivered});
    }
  }

  TEST_CASE("that come from something else are told apart from Slack's") {
    FakeSlack slack;
    slack.answers = {answer(200, "<html>log in</html>")};

    slack.plugin.deliver(Events().fails("web").all);

    CHECK(slack.plugin.reason ==
          "HTTP 200 \"&lt;html&gt;log in&lt;/html&gt;\" instead of \"ok\": something else answers "
          "for Slack; check webhook and proxy");
  }

  TEST_CASE("that a person has to cure disable the output for ten minutes") {
    for (const auto& [status, word] : {std::pair{404, "no_service"},
                                       {403, "invalid_token"},
                                       {404, "no_team"},
                                       {403, "action_prohibited"},
                                       {410, "channel_is_archived"},
                                       {404, "channel_not_found"},
                                       {403, "something_new"}}) {
      FakeSlack slack;
      slack.answers = {answer(status, word)};
      const auto events = failing("web");

      CHECK(slack.plugin.deliver(events.all).first == SHOAL_AUTH);
      CHECK(slack.plugin.delivery.retry_after_ms == 600'000);
      slack.plugin.unix_ns += 590 * second;
      CHECK(slack.plugin.deliver(events.all).first == SHOAL_AUTH);
      CHECK(slack.requests.size() == 1);
      slack.plugin.unix_ns += 10 * second;
      CHECK(slack.plugin.deliver(events.all).second == Verdicts{delivered});
    }
  }

  TEST_CASE("that a person has to cure say what to do, and never the webhook") {
    FakeSlack slack;
    slack.answers = {answer(404, "no_service")};

    slack.plugin.deliver(Events().fails("web").all);

    CHECK(slack.plugin.reason ==
          "Slack answers HTTP 404 no_service: the webhook was removed: put a new one into the "
          "option webhook");
  }

  TEST_CASE("that refuse a tag's channel send its messages to the webhook's own") {
    FakeSlack slack({}, tags);
    slack.answers = {answer(410, "channel_is_archived")};
    Events events;
    events.fails("db");

    CHECK(slack.deliver_until_settled(events.all) == Verdicts{delivered});

    REQUIRE(slack.requests.size() == 2);
    CHECK(slack.body(0)["channel"] == "#db");
    CHECK_FALSE(slack.body(1).contains("channel"));
    CHECK(slack.body(1)["text"] == "(for #db: channel_is_archived) CRITICAL: db on host.test");
    CHECK(slack.plugin.logged.back() ==
          "Slack answers HTTP 410 channel_is_archived: take the channel out of the archive, or "
          "choose another");
  }

  TEST_CASE("that refuse a tag's channel hold for ten minutes") {
    FakeSlack slack({}, tags);
    slack.answers = {answer(404, "channel_not_found")};
    Events events;
    events.fails("db1").fails("db2").fails("db3");
    slack.deliver_until_settled({events.all[0]});

    slack.deliver_until_settled({events.all[1]});
    CHECK_FALSE(slack.last_body().contains("channel"));
    slack.plugin.unix_ns += 600 * second;
    slack.plugin.deliver({events.all[2]});
    CHECK(slack.last_body()["channel"] == "#db");
  }

  TEST_CASE("invalid_payload costs the record at fault, once it is alone") {
    FakeSlack slack;
    slack.answers = {answer(400, "invalid_payload\n"), answer(400, "invalid_payload")};
    const auto events = many(2);

    CHECK(slack.plugin.deliver(events.all).first == SHOAL_REJECTED);
    slack.plugin.unix_ns += second;
    CHECK(slack.plugin.deliver({events.all[0]}) == std::pair{SHOAL_OK, Verdicts{rejected}});

    CHECK(slack.plugin.reason == "Slack answers HTTP 400 invalid_payload");
    slack.plugin.unix_ns += second;
    CHECK(slack.plugin.deliver({events.all[1]}).second == Verdicts{delivered});
  }

  TEST_CASE("that come after some messages went through leave these told") {
    FakeSlack slack({}, tags);
    slack.answers = {answer(200, "ok"), answer(500, "")};
    Events events;
    events.fails("web").fails("db");

    CHECK(slack.deliver_until_settled(events.all) == Verdicts{delivered, delivered});

    CHECK(slack.requests.size() == 3);
  }

  TEST_CASE("that never come keep the event") {
    FakeSlack slack;
    slack.plugin.http = [](const shoal::HttpRequest&) -> shoal::HttpResponse {
      throw shoal::Failure("connect hooks.slack.test: refused", SHOAL_RETRY);
    };

    CHECK(slack.plugin.deliver(Events().fails("web").all).first == SHOAL_RETRY);
    CHECK(slack.plugin.reason == "connect hooks.slack.test: refused");
  }
}

TEST_SUITE("slack and the same event") {
  TEST_CASE("tells it once, however often the agent says it") {
    FakeSlack slack;
    const auto events = failing("web");
    const std::vector<shoal_record> twice{events.all[0], events.all[0]};

    CHECK(slack.plugin.deliver(twice).second == Verdicts{delivered, retry});
    CHECK(slack.plugin.deliver({events.all[0]}).second == Verdicts{delivered});

    CHECK(slack.requests.size() == 1);
  }

  TEST_CASE("says delivered to what is no event") {
    FakeSlack slack;
    shoal_record sample{};
    sample.size = sizeof(sample);
    sample.kind = SHOAL_RECORD_SAMPLE;

    CHECK(slack.plugin.deliver({sample}).second == Verdicts{delivered});
    CHECK(slack.requests.empty());
  }
}

TEST_SUITE("slack and the relay") {
  TEST_CASE("posts a message as it came, after the changes of checks") {
    FakeSlack slack;
    Events events;
    events.add("notify:ops", ok, ok, "hi")
        .link("slack_payload", R"({"channel":"#ops","text":"hi"})");
    events.fails("web");

    CHECK(slack.deliver_until_settled(events.all) == Verdicts(2, delivered));

    REQUIRE(slack.requests.size() == 2);
    CHECK(slack.body(0)["text"].get<std::string>().find("web") != std::string::npos);
    CHECK(slack.requests[1].body == R"({"channel":"#ops","text":"hi"})");
  }

  TEST_CASE("does not fold messages, however many come") {
    FakeSlack slack({{"rate", 1000.0}});
    Events events;
    for (int i = 0; i < 20; ++i) {
      events.add("notify:ops", ok, ok, "hi")
          .link("slack_payload", "{\"text\":\"" + std::to_string(i) + "\"}");
    }

    CHECK(slack.deliver_until_settled(events.all) == Verdicts(20, delivered));

    CHECK(slack.requests.size() == 20);
    CHECK(slack.body(19)["text"] == "19");
  }

  TEST_CASE("rejects one that Slack refuses, and goes on with the next") {
    FakeSlack slack({{"rate", 1000.0}});
    slack.answers = {answer(400, "invalid_payload"), answer(404, "channel_not_found")};
    Events events;
    for (int i = 0; i < 3; ++i) {
      events.add("notify:ops", ok, ok, "hi").link("slack_payload", R"({"text":"hi"})");
    }

    CHECK(slack.deliver_until_settled(events.all) == Verdicts{rejected, rejected, delivered});
  }

  TEST_CASE("keeps them all when Slack has no time") {
    FakeSlack slack({{"rate", 1000.0}});
    slack.answers = {answer(429, "rate_limited", 7'000)};
    Events events;
    events.add("notify:ops", ok, ok, "hi").link("slack_payload", R"({"text":"hi"})");

    CHECK(slack.plugin.deliver(events.all).second == Verdicts{retry});
    CHECK(slack.plugin.reason.starts_with("Slack answers HTTP 429"));
  }
}
