#include <unistd.h>

#include <doctest/doctest.h>

#include "process.h"
#include "support/plugin_fixture.h"
#include "support/temporary_directory.h"

using namespace shoal::procs;
using shoal::test::PluginFixture;
using Options = PluginFixture::OptionMap;
using Patterns = std::vector<std::string>;

namespace {

constexpr Units units{100, 4096};

// How many of the recorded processes are found: an init, a kernel thread, a master and two workers
// of nginx, one that waits for a disk, and a dead shell.
double count_with(Options options) {
  options.emplace("proc", std::string(TESTDATA));
  PluginFixture plugin(options);
  plugin.check();
  REQUIRE(plugin.emitted.size() == 1);
  return plugin.emitted.at("procs.probe_1.count");
}

shoal::CheckVerdict verdict_with(Options options) {
  options.emplace("proc", std::string(TESTDATA));
  PluginFixture plugin(options);
  return plugin.check();
}

Options workers(Options more) {
  more.emplace("patterns", Patterns{"nginx: worker"});
  return more;
}

std::uint32_t status_of_workers(const Options& more) {
  return verdict_with(workers(more)).status;
}

std::string number(std::int64_t value) {
  return std::to_string(value);
}

}  // namespace

TEST_SUITE("process") {
  TEST_CASE("is read from the kernel's line, whatever its name") {
    const auto process = parse_stat(
        "900 (a (b) c) D 1 900 900 0 -1 4194560 1 2 3 4 150 50 5 6 20 0 7 0 250 4096 3 18 1\n",
        units);

    REQUIRE(process);
    CHECK(process->pid == 900);
    CHECK(process->parent == 1);
    CHECK(process->name == "a (b) c");
    CHECK(process->state == 'D');
    CHECK(process->threads == 7);
    CHECK(process->cpu_seconds == 2);
    CHECK(process->started_seconds == 2.5);
    CHECK(process->virtual_bytes == 4096);
    CHECK(process->resident_bytes == 3 * 4096);
  }

  TEST_CASE("is none when the line is cut or something else") {
    for (const auto* text : {"", "900", "900 (sh", "x (sh) S 1", "900 (sh) S 1 900 900 0",
                             "900 (sh) SS 1 900 900 0 -1 4 1 2 3 4 5 6 7 8 20 0 7 0 250 4096 3"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_stat(text, units));
    }
  }

  TEST_CASE("has the command that ps shows") {
    using namespace std::string_view_literals;
    CHECK(command_of({.name = "sh"}, "sh\0-c\0exit 1\0"sv) == "sh -c exit 1");
    CHECK(command_of({.name = "nginx"}, "nginx: master\0\0\0"sv) == "nginx: master");
    CHECK(command_of({.name = "kthreadd"}, "") == "[kthreadd]");
    CHECK(command_of({.state = 'Z', .name = "sh"}, "") == "[sh] <defunct>");
  }

  TEST_CASE("belongs to its effective user") {
    CHECK(parse_user("Name:\tx\nUid:\t0\t33\t33\t33\n") == 33);
    CHECK_FALSE(parse_user("Name:\tx\n"));
  }
}

TEST_SUITE("check procs") {
  TEST_CASE("counts all processes, or those that a pattern finds") {
    CHECK(count_with({}) == 7);
    CHECK(count_with({{"patterns", Patterns{"^nginx: "}}}) == 3);
    CHECK(count_with({{"patterns", Patterns{"^nginx: "}},
                      {"exclude_pattern", std::string("master")}}) == 2);
    CHECK(count_with({{"patterns", Patterns{"defunct"}}}) == 1);
  }

  TEST_CASE("counts only what is asked for") {
    CHECK(count_with({{"ppid", std::int64_t{811}}}) == 2);
    CHECK(count_with({{"state", std::string("D")}}) == 1);
    CHECK(count_with({{"user", std::string("33")}}) == 2);
    CHECK(count_with({{"user", std::string("root")}}) == 3);
    CHECK(count_with({{"not_user", std::string("root")}}) == 4);
    CHECK(count_with({{"vsz_over", std::int64_t{58'000'000}}}) == 3);
    CHECK(count_with({{"rss_over", std::int64_t{1599 * 4096}}}) == 3);
    CHECK(count_with({{"threads_over", std::int64_t{6}}}) == 1);
    CHECK(count_with({{"age_over", std::int64_t{3'500'000}}}) == 5);
    CHECK(count_with({{"age_under", std::int64_t{60'000}}}) == 1);
    CHECK(count_with({{"cpu_over", std::int64_t{60'000}}}) == 1);
    CHECK(count_with({{"cpu_under", std::int64_t{1'000}}}) == 4);
    CHECK(count_with({{"pcpu_over", 20.0}}) == 1);
  }

  TEST_CASE("wants at least one by default") {
    CHECK(status_of_workers({}) == SHOAL_CHECK_OK);
    const auto verdict = verdict_with({{"patterns", Patterns{"apache"}}});
    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == "0 processes found by \"apache\"");
    CHECK(verdict_with({{"patterns", Patterns{"apache"}},
                        {"warning_under", std::string("0")},
                        {"critical_under", std::string("0")}})
              .status == SHOAL_CHECK_OK);
  }

  TEST_CASE("judges too many and too few") {
    CHECK(status_of_workers({{"warning", number(2)}, {"critical", number(3)}}) == SHOAL_CHECK_OK);
    CHECK(status_of_workers({{"warning", number(1)}, {"critical", number(2)}}) ==
          SHOAL_CHECK_WARNING);
    CHECK(status_of_workers({{"warning", number(1)}, {"critical", number(1)}}) ==
          SHOAL_CHECK_CRITICAL);
    CHECK(status_of_workers({{"warning_under", number(3)}}) == SHOAL_CHECK_WARNING);
    CHECK(status_of_workers({{"critical_under", number(3)}}) == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("leaves both sides to a range") {
    CHECK(status_of_workers({{"warning", std::string("1:2")}}) == SHOAL_CHECK_OK);
    CHECK(status_of_workers({{"warning", std::string("3:")}}) == SHOAL_CHECK_WARNING);
    CHECK(status_of_workers({{"critical", std::string("@2:4")}}) == SHOAL_CHECK_CRITICAL);
    CHECK(
        verdict_with({{"patterns", Patterns{"apache"}}, {"critical", std::string("0:1")}}).status ==
        SHOAL_CHECK_OK);
  }

  TEST_CASE("judges each pattern apart; the worst counts and comes first") {
    PluginFixture plugin(
        {{"proc", std::string(TESTDATA)}, {"patterns", Patterns{"worker", "apache", "master"}}});

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text ==
          "0 processes found by \"apache\"\n2 processes found by \"worker\"\n"
          "1 process found by \"master\"");
    CHECK(plugin.emitted ==
          std::map<std::string, double>{{"procs.probe_1.count{pattern=worker}", 2},
                                        {"procs.probe_1.count{pattern=apache}", 0},
                                        {"procs.probe_1.count{pattern=master}", 1}});
  }

  TEST_CASE("says what was asked for") {
    CHECK(verdict_with({{"user", std::string("33")}, {"state", std::string("S")}}).text ==
          "1 process, state S, user 33");
  }

  TEST_CASE("finds the process of a pid file, and none without the file") {
    const shoal::test::TemporaryDirectory directory;
    directory.write("good.pid", "812\n");
    directory.write("bad.pid", "soon\n");

    CHECK(count_with({{"pid_file", directory.file("good.pid")}}) == 1);
    CHECK(count_with({{"pid_file", directory.file("missing.pid")}}) == 0);
    const auto bad = verdict_with({{"pid_file", directory.file("bad.pid")}});
    CHECK(bad.status == SHOAL_CHECK_UNKNOWN);
    CHECK(bad.text == directory.file("bad.pid") + ": expected the id of a process, found \"soon\"");
  }

  TEST_CASE("does not count itself unless told to") {
    const auto own = shoal::test::TemporaryDirectory();
    const auto pid = std::to_string(getpid());
    own.write("uptime", "100.0 1\n");
    for (const auto& folder : {std::string("1"), pid}) {
      own.write(folder + "/stat",
                folder + " (sh) S 1 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 7 0 250 4096 3\n");
      own.write(folder + "/cmdline", "check nginx");
    }

    PluginFixture plugin({{"proc", own.path().string()}});
    plugin.check();
    CHECK(plugin.emitted.at("procs.probe_1.count") == 1);
    PluginFixture both({{"proc", own.path().string()}, {"match_self", true}});
    both.check();
    CHECK(both.emitted.at("procs.probe_1.count") == 2);
  }

  TEST_CASE("is UNKNOWN when processes are hidden, or a user is") {
    const shoal::test::TemporaryDirectory hidden;
    hidden.write("uptime", "100.0 1\n");

    CHECK(verdict_with({{"proc", hidden.path().string()}}).text ==
          hidden.path().string() +
              ": other users' processes are hidden (hidepid); count as root or in procfs' group");
    CHECK(verdict_with({{"user", std::string("no such user")}}).text ==
          "option user: cannot find the user \"no such user\"");
  }

  TEST_CASE("refuses a pattern that does not compile and a threshold that cannot be read") {
    PluginFixture pattern({{"patterns", Patterns{"(x"}}});
    CHECK(pattern.create_status == SHOAL_CONFIG);
    CHECK(pattern.reason ==
          "option patterns: expected a regular expression, found \"(x\": missing ): (x");
    PluginFixture threshold({{"critical_under", std::string("few")}});
    CHECK(threshold.reason ==
          "option critical_under: expected a number or a range like \"10:20\", found \"few\"");
  }
}
