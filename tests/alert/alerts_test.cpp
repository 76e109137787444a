#include "alert/alerts.h"

#include <random>

#include <doctest/doctest.h>

#include "bench.h"

using namespace shoal;
using namespace shoal::test;

namespace {

// Silent from noon on for so long.
config::SilenceSettings silence(std::chrono::minutes duration) {
  return {.name = "works", .match = {"check:web"}, .from = noon, .until = noon + duration};
}

config::JobSettings reminding(std::string name) {
  auto settings = check(std::move(name));
  settings.notification_interval_minutes = 60;
  return settings;
}

config::JobSettings depending(std::string name, std::string on) {
  auto settings = check(std::move(name));
  settings.depends_on = {"check:" + std::move(on)};
  return settings;
}

std::string acknowledge(Bench& bench, const std::string& name,
                        std::optional<WallTime> until = std::nullopt,
                        const std::string& comment = "looking") {
  std::string fault;
  bench.keep(bench.alerts.acknowledge(
      name, {.by = "ann", .comment = comment, .at = bench.now().wall, .until = until}, bench.now(),
      fault));
  return fault;
}

}  // namespace

TEST_SUITE("a reminder") {
  TEST_CASE("comes each interval while the problem lasts, and says for how long") {
    Bench bench({reminding("web")});
    bench.say("web", 'C', "refused");
    bench.told();

    bench.pass(59min);
    const auto early = bench.told();
    bench.pass(1min);
    REQUIRE(bench.events.size() == 1);
    CHECK(bench.events[0].text == "still CRITICAL for 1h (2nd notice)\nrefused");
    const auto first = bench.told();
    bench.say("web", 'C', "refused again");
    bench.pass(69min);
    REQUIRE(bench.events.size() == 1);
    CHECK(bench.events[0].text == "still CRITICAL for 2h 10m (3rd notice)\nrefused again");
    CHECK(bench.events[0].since == noon + 1min);
    bench.told();
    bench.say("web", 'O');
    bench.pass(3h);

    CHECK(early == "");
    CHECK(first == "C=C");
    CHECK(bench.told() == "C>O");
  }

  TEST_CASE("is due when next_due() says so") {
    Bench bench({reminding("web")});
    bench.say("web", 'C');

    CHECK(bench.alerts.next_due() == bench.now().steady + 60min);

    bench.pass(60min);
    CHECK(bench.alerts.next_due() == bench.now().steady + 60min);
  }

  TEST_CASE("is not sent without an interval") {
    Bench bench({check("web")});
    bench.say("web", 'C');

    bench.pass(1000h);

    CHECK(bench.told() == "O>C");
    CHECK(bench.alerts.next_due() == std::nullopt);
  }
}

TEST_SUITE("an acknowledgement") {
  TEST_CASE("is told once and ends the reminders until the problem does") {
    Bench bench({reminding("web")});
    bench.say("web", 'C', "refused");
    bench.told();

    CHECK(acknowledge(bench, "web") == "");
    REQUIRE(bench.events.size() == 1);
    CHECK(bench.events[0].text == "acknowledged by ann: looking\nrefused");
    bench.pass(5h);
    bench.say_all("web", "CCO");
    CHECK(bench.told() == "C=C C>O");
    CHECK_FALSE(bench.picture("web").state.acknowledgement);
    bench.say("web", 'C');
    bench.pass(60min);
    CHECK(bench.told() == "O>C C=C");
  }

  TEST_CASE("ends when its time is up") {
    Bench bench({reminding("web")});
    bench.say("web", 'C');
    acknowledge(bench, "web", bench.now().wall + 2h, "");
    CHECK(bench.events.back().text == "acknowledged by ann for 2h");
    bench.told();

    CHECK(bench.alerts.next_due() == bench.now().steady + 60min);
    bench.pass(60min);
    CHECK(bench.told() == "");
    CHECK(bench.alerts.next_due() == bench.now().steady + 60min);
    bench.pass(60min);
    CHECK(bench.told() == "C=C");
    CHECK_FALSE(bench.picture("web").state.acknowledgement);
  }

  TEST_CASE("stays when it gets better, goes when it gets worse") {
    Bench bench({check("web")});
    bench.say("web", 'C');
    acknowledge(bench, "web");
    bench.say("web", 'W');
    CHECK(bench.picture("web").state.acknowledgement);
    bench.say("web", 'U');
    CHECK_FALSE(bench.picture("web").state.acknowledgement);
    CHECK(bench.told() == "O>C C=C C>W W>U");
  }

  TEST_CASE("can be taken back") {
    Bench bench({reminding("web")});
    bench.say("web", 'C');
    acknowledge(bench, "web");
    std::string fault;

    bench.keep(bench.alerts.end_acknowledgement("web", "bob", bench.now(), fault));

    CHECK(fault == "");
    CHECK(bench.events.back().text == "acknowledgement removed by bob");
    bench.told();
    bench.pass(60min);
    CHECK(bench.told() == "C=C");
  }

  TEST_CASE("needs a problem") {
    Bench bench({check("web", 2)});
    bench.say("web", 'C');
    std::string fault;
    bench.alerts.end_acknowledgement("web", "bob", bench.now(), fault);

    CHECK(acknowledge(bench, "web") == "check:web has no problem that could be acknowledged");
    CHECK(acknowledge(bench, "wbe") == "check:wbe: there is no such check");
    CHECK(fault == "check:web is not acknowledged");
  }
}

TEST_SUITE("a silence") {
  TEST_CASE("holds changes back, counts them, and tells at its end what still is so") {
    struct Row {
      std::string says;
      std::string told;
      int held_back;
    };
    const Row rows[] = {
        {"O", "", 0}, {"C", "O>C", 1}, {"CO", "", 2}, {"CW", "O>W", 2}, {"COC", "O>C", 3},
    };
    for (const Row& row : rows) {
      CAPTURE(row.says);
      Bench bench({check("web")}, {silence(10min)});

      bench.say_all("web", row.says);
      const auto held_back = bench.picture("web").state.standing.held_back;
      const auto during = bench.told();
      bench.pass(10min);

      CHECK(during == "");
      CHECK(held_back == row.held_back);
      CHECK(bench.told() == row.told);
    }
  }

  TEST_CASE("leaves others alone, and what was told before it began goes on") {
    auto later = silence(60min);
    later.from = noon + 90s;
    Bench bench({check("web"), check("db")}, {later});

    bench.say("web", 'C');
    bench.say("db", 'C');
    bench.say("web", 'O');
    CHECK(bench.told() == "O>C O>C");
    CHECK(bench.picture("web").silence == "works");
    CHECK(bench.picture("db").silence == "");
    bench.pass(60min);

    CHECK(bench.told() == "C>O");
  }

  TEST_CASE("is waited for only if something is to be told") {
    Bench bench({check("web")}, {silence(10min)});

    bench.say("web", 'O');
    CHECK(bench.alerts.next_due() == std::nullopt);
    bench.say("web", 'C');
    CHECK(bench.alerts.next_due() == bench.now().steady + 8min);
  }

  TEST_CASE("holds reminders back too") {
    auto later = silence(90min);
    later.from = noon + 30min;
    Bench bench({reminding("web")}, {later});
    bench.say("web", 'C');
    bench.told();

    bench.pass(70min);
    const auto during = bench.told();
    CHECK(bench.alerts.next_due() == bench.now().steady + 19min);
    bench.pass(19min);

    CHECK(during == "");
    CHECK(bench.told() == "C=C");
  }
}

TEST_SUITE("a check that says nothing") {
  TEST_CASE("is UNKNOWN after its ttl, at once and once") {
    auto settings = check("web", 3);
    settings.ttl = 5min;
    Bench bench({settings});
    bench.say("web", 'O', "fine\nreally");
    CHECK(bench.alerts.next_due() <= bench.now().steady + 5min);

    bench.pass(4min);
    const auto early = bench.told();
    bench.pass(1min);
    REQUIRE(bench.events.size() == 1);
    CHECK(bench.events[0].text == "no result for 5m; the last one: fine");
    CHECK(early == "");
    CHECK(bench.told() == "O>U");
    bench.pass(5min);
    CHECK(bench.told() == "");
    bench.say("web", 'O');
    CHECK(bench.told() == "U>O");
  }

  TEST_CASE("is told of if it never said anything") {
    auto settings = check("web");
    settings.ttl = 5min;
    Bench bench({settings});

    bench.pass(5min);

    REQUIRE(bench.events.size() == 1);
    CHECK(bench.events[0].text == "no result for 5m");
  }

  TEST_CASE("is given a round when the whole host slept") {
    auto settings = check("web");
    settings.ttl = 5min;
    Bench bench({settings});
    bench.say("web", 'O');

    bench.pass(8h);
    CHECK(bench.told() == "");
    CHECK(bench.alerts.next_due() == bench.now().steady + 90s);
    bench.pass(90s);

    CHECK(bench.told() == "O>U");
  }
}

TEST_SUITE("a check that depends on another") {
  TEST_CASE("is not told of while that has a problem, and afterwards if it still is so") {
    Bench bench({check("db"), depending("web", "db")});

    bench.say("db", 'C');
    bench.say("web", 'C');
    CHECK(bench.told() == "O>C");
    CHECK(bench.picture("web").waits_for == "check:db");
    CHECK(bench.picture("web").state.standing.held_back == 1);
    bench.say("db", 'O');
    CHECK(bench.told() == "C>O");
    bench.say("web", 'C');
    CHECK(bench.told() == "O>C");
  }

  TEST_CASE("says nothing if it is well again with it") {
    Bench bench({check("db"), depending("web", "db")});

    bench.say("db", 'C');
    bench.say("web", 'C');
    bench.say("db", 'O');
    bench.say("web", 'O');
    bench.pass(1h);

    CHECK(bench.told() == "O>C C>O");
  }

  TEST_CASE("is told of without a result of its own when none comes in time") {
    Bench bench({check("db"), depending("web", "db")});
    bench.say("db", 'C');
    bench.say("web", 'C');
    bench.say("db", 'O');
    bench.told();

    CHECK(bench.alerts.next_due() == bench.now().steady + 90s);
    bench.pass(90s);

    CHECK(bench.told() == "O>C");
  }

  TEST_CASE("waits for hard problems only") {
    Bench bench({check("db", 3), depending("web", "db")});

    bench.say("db", 'C');
    bench.say("web", 'C');

    CHECK(bench.told() == "O>C");
  }
}

TEST_SUITE("Alerts") {
  TEST_CASE("go on where they were after a restart") {
    auto settings = check("web", 3);
    Bench before({settings});
    before.say_all("web", "OCC");

    Bench after({settings}, {}, {before.saved.back()});
    after.say_all("web", "CC");

    CHECK(before.told() == "");
    CHECK(after.told() == "O>C");
  }

  TEST_CASE("tell nothing twice after a restart") {
    Bench before({check("web")});
    before.say("web", 'C');

    Bench after({check("web")}, {}, {before.saved.back()});
    after.say_all("web", "CO");

    CHECK(after.events.back().dedupe_key == before.events.back().dedupe_key);
    CHECK(after.events.back().id != before.events.back().id);
    CHECK(after.told() == "C>O");
  }

  TEST_CASE("keep their states over a reload, and forget checks that are gone") {
    Bench bench({check("web"), check("db")});
    bench.say("web", 'C');
    bench.say("db", 'C');
    bench.say("shoal", 'C');
    bench.told();

    bench.keep(bench.alerts.configure({check("web", 5)}, {}, bench.now()));

    CHECK(bench.told() == "");
    CHECK(bench.removed == std::vector<std::string>{"db"});
    CHECK_FALSE(bench.alerts.picture("db", bench.now()));
    bench.say("web", 'O');
    bench.say("shoal", 'O');
    CHECK(bench.told() == "C>O C>O");
  }

  TEST_CASE("tell what a silence held back when a reload ends it") {
    Bench bench({check("web")}, {silence(1h)});
    bench.say("web", 'C');
    CHECK(bench.told() == "");

    bench.keep(bench.alerts.configure({check("web")}, {}, bench.now()));

    CHECK(bench.told() == "O>C");
  }

  // Whatever checks say, be it held back or not: what is told of each is a chain from OK on, no
  // link twice, each id once, and in the end it is as the check is.
  TEST_CASE("tell one event for each change, one for each recovery, never two for one") {
    std::mt19937 random(20260102);
    const auto pick = [&](int count) { return static_cast<int>(random() % count); };
    for (int run = 0; run < 300; ++run) {
      std::vector<config::JobSettings> jobs;
      for (const char* name : {"db", "web", "mail"}) {
        jobs.push_back(check(name, 1 + pick(3)));
        jobs.back().recovery_attempts = 1 + pick(3);
        jobs.back().detects_flapping = pick(2) == 0;
        if (pick(2) == 0) jobs.back().ttl = 10min;
        if (pick(2) == 0) jobs.back().notification_interval_minutes = 10;
      }
      if (pick(2) == 0) jobs[1].depends_on = {"check:db"};
      auto window = silence(100min);
      window.from = noon + std::chrono::minutes(pick(100));
      Bench bench(jobs, {window});
      for (int step = 0; step < 300; ++step) {
        const auto& name = jobs[static_cast<std::size_t>(pick(3))].name;
        const int act = pick(20);
        if (act == 0) acknowledge(bench, name);
        if (act == 1) bench.pass(std::chrono::minutes(pick(12)));
        if (act == 2) {
          // What a restart leaves.
          std::map<std::string, alert::CheckState> last;
          for (const auto& state : bench.saved) last[state.name] = state;
          std::vector<alert::CheckState> remembered;
          for (const auto& [key, state] : last) remembered.push_back(state);
          bench.alerts = alert::Alerts(remembered);
          bench.keep(bench.alerts.configure(jobs, {window}, bench.now()));
        }
        if (act > 2) bench.say(name, "OOOCCWU"[pick(7)]);
      }
      bench.pass(200min);  // the silence is over
      for (int i = 0; i < 30; ++i) {
        for (const auto& job : jobs) bench.say(job.name, 'O');
      }

      std::map<std::string, record::Status> told;
      std::map<std::string, std::string> open;  // problems, by their key
      std::map<std::string, int> ids;
      for (const auto& event : bench.events) {
        auto& state = told.try_emplace(event.job, record::Status::ok).first->second;
        REQUIRE(event.from == state);
        REQUIRE(++ids[event.id] == 1);
        if (event.from == event.to) continue;
        if (state == record::Status::ok) {
          REQUIRE(open[event.job] != event.dedupe_key);
          open[event.job] = event.dedupe_key;
        }
        REQUIRE(open[event.job] == event.dedupe_key);
        state = event.to;
      }
      for (const auto& [job, state] : told) REQUIRE(state == record::Status::ok);
    }
  }
}
