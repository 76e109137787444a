#include "run/exec_runner.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "support/fake_clock.h"
#include "support/fake_timers.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::run;
using namespace std::chrono_literals;

namespace {

config::JobSettings shell(config::JobKind kind, std::string script) {
  return {.kind = kind, .name = "web", .command = config::Command{.shell = std::move(script)}};
}
config::JobSettings check(std::string script) {
  return shell(config::JobKind::check, std::move(script));
}
config::JobSettings metric(std::string script) {
  return shell(config::JobKind::metric, std::move(script));
}
config::JobSettings check_words(std::vector<std::string> words) {
  return {.kind = config::JobKind::check,
          .name = "web",
          .command = config::Command{.words = std::move(words)}};
}

// A fifo through which a command says that it has come to some point, so that no test has to guess.
class Milestone {
 public:
  Milestone() : path_(folder_.file("milestone")) {
    REQUIRE(mkfifo(path_.c_str(), 0600) == 0);
    fd_.reset(open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    REQUIRE(fd_);
  }
  // To be put into a script.
  std::string reached() const { return "echo >" + path_; }
  void wait() const {
    pollfd ready{fd_.get(), POLLIN, 0};
    REQUIRE(poll(&ready, 1, 10'000) == 1);
  }

 private:
  test::TemporaryDirectory folder_;
  std::string path_;
  UniqueFd fd_;
};

class Bench {
 public:
  void start(const config::JobSettings& settings) {
    ++awaited_;
    runner->start(job(settings), scheduled, take());
  }
  void start_graph_run(const config::JobSettings& settings) {
    ++awaited_;
    runner->start_graph_run(job(settings), scheduled, take());
  }
  // Waits until every round that was started has ended.
  void finish() {
    if (rounds.size() < awaited_) loop.run();
  }
  // Lets the loop work until no command is left, not even an action.
  void finish_all() {
    finish();
    while (runner->running_count() != 0) loop.run_ready();
  }
  Round run(const config::JobSettings& settings) {
    start(settings);
    finish();
    return rounds.back();
  }
  void pass(std::chrono::nanoseconds time) {
    clock.advance(time);
    timers.run_due(clock.steady());
  }

  static std::shared_ptr<const ExecJob> job(const config::JobSettings& settings) {
    return std::make_shared<const ExecJob>(exec_job(settings));
  }

  test::FakeClock clock;
  test::FakeTimers timers;
  EventLoop loop;
  std::unique_ptr<ExecRunner> runner = std::make_unique<ExecRunner>(loop, timers, clock);
  WallTime scheduled = clock.wall();
  std::vector<Round> rounds;

 private:
  ExecRunner::Done take() {
    return [this](Round round) {
      rounds.push_back(std::move(round));
      if (rounds.size() == awaited_) loop.stop();
    };
  }
  std::size_t awaited_ = 0;
};

record::CheckResult result_of(const Round& round) {
  REQUIRE(round.records.size() == 1);
  return std::get<record::CheckResult>(round.records[0]);
}

std::vector<std::string> samples_of(const Round& round) {
  std::vector<std::string> all;
  for (const record::Record& one : round.records) {
    const auto& sample = std::get<record::Sample>(one);
    all.push_back(fmt::format("{}={}", sample.name, sample.value));
  }
  return all;
}

using Texts = std::vector<std::string>;

std::size_t open_fd_count() {
  const std::filesystem::directory_iterator fds("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(fds), end(fds)));
}

// Memory of this process at its highest.
std::size_t peak_kilobytes() {
  std::FILE* const file = std::fopen("/proc/self/status", "r");
  std::array<char, 256> line{};
  std::size_t peak = 0;
  while (std::fgets(line.data(), line.size(), file) != nullptr) {
    std::sscanf(line.data(), "VmHWM: %zu", &peak);
  }
  std::fclose(file);
  return peak;
}

}  // namespace

TEST_SUITE("ExecRunner, checks") {
  TEST_CASE("takes status and text from exit code and stdout") {
    using record::Status;
    struct Row {
      config::JobSettings settings;
      Status status;
      std::string text;
    };
    const Row rows[] = {
        {check("echo fine; exit 0"), Status::ok, "fine\n"},
        {check("echo warn; echo more >&2; exit 1"), Status::warning, "warn\n"},
        {check("printf crit; exit 2"), Status::critical, "crit"},
        {check("exit 3"), Status::unknown, ""},
        {check("echo five; exit 5"), Status::unknown, "five\n"},
        {check("echo so far; kill -9 $$"), Status::unknown, "so far\n"},
        {check("no-such --option 2>/dev/null"), Status::unknown, ""},
        {check("no-such-plain-word"), Status::unknown, ""},
        {check_words({"sh", "-c", "exit 2"}), Status::critical, ""},
        {check_words({"cat"}), Status::ok, ""},
    };

    for (const Row& row : rows) {
      CAPTURE(row.settings.command->shell);
      Bench bench;
      const Round round = bench.run(row.settings);

      CHECK(round.outcome == Outcome::ok);
      CHECK(round.reason == "");
      CHECK(result_of(round) ==
            record::CheckResult{
                .name = "web", .status = row.status, .text = row.text, .time = bench.scheduled});
    }
  }

  TEST_CASE("says why a command could not be started") {
    const test::TemporaryDirectory folder;
    folder.write("plain", "echo never\n");
    struct Row {
      std::string word;
      std::string text;
    };
    const Row rows[] = {
        {"no-such", "exit code: 127, exec: \"no-such\": executable file not found in $PATH"},
        {"/nonexistent/x", "exit code: 127, fork/exec /nonexistent/x: no such file or directory"},
        {folder.file("plain"),
         fmt::format("exit code: 126, fork/exec {}: permission denied", folder.file("plain"))},
    };

    for (const Row& row : rows) {
      CAPTURE(row.word);
      Bench bench;
      const Round round = bench.run(check_words({row.word}));

      CHECK(round.outcome == Outcome::failed);
      CHECK(round.reason == row.text);
      CHECK(result_of(round).status == record::Status::unknown);
      CHECK(result_of(round).text == row.text);
    }
  }

  TEST_CASE("reads a metric's lines in the format of its section") {
    struct Row {
      config::OutputFormat format;
      std::string_view line;
      std::string_view sample;
    };
    using Format = config::OutputFormat;
    const Row rows[] = {{Format::mackerel, "a.b 1 0", "a.b=1"},
                        {Format::graphite_plaintext, "a:b 1 0", "a_b=1"},
                        {Format::influxdb_line, "a b=1", "a.b=1"},
                        {Format::nagios_perfdata, "OK | b=1", "web.b=1"},
                        {Format::opentsdb_line, "a 0 1 b=c", "a=1"},
                        {Format::prometheus_text, "a{b=\"c\"} 1", "a=1"}};
    for (const Row& row : rows) {
      CAPTURE(row.line);
      Bench bench;
      auto settings = metric(fmt::format("echo '{}'; exit 2", row.line));
      settings.output_format = row.format;

      const Round round = bench.run(settings);

      CHECK(round.outcome == Outcome::ok);
      CHECK(samples_of(round) == Texts{std::string(row.sample)});
      CHECK(round.faults == Texts{});
    }
  }

  TEST_CASE("reads a check's performance data, and leaves its text as it was printed") {
    Bench bench;
    const std::string printed = "OK | time=0.5s;1;2 bad queries=7c\nmore\n";

    const Round round = bench.run(check("printf '" + printed + "'"));

    CHECK(result_of(round).text == printed);
    CHECK(result_of(round).samples ==
          std::vector{record::Sample{
              .name = "check.web.time", .unit = "seconds", .value = 0.5, .time = bench.scheduled}});
    CHECK(round.outcome == Outcome::ok);
    CHECK(round.dropped == 1);
    CHECK(round.faults == Texts{R"(performance data: expected label=value, got "bad")"});
  }

  TEST_CASE("leaves a check's performance data alone where that is said") {
    Bench bench;
    auto settings = check("echo 'OK | a=1'");
    settings.has_performance_data = false;

    const Round round = bench.run(settings);

    CHECK(result_of(round).text == "OK | a=1\n");
    CHECK(result_of(round).samples.empty());
  }

  TEST_CASE("hands a script without #! to sh") {
    const test::TemporaryDirectory folder;
    folder.write("script", "echo from a script; exit 1\n");
    std::filesystem::permissions(folder.file("script"), std::filesystem::perms::owner_all);
    Bench bench;

    const Round round = bench.run(check_words({folder.file("script")}));

    CHECK(result_of(round).status == record::Status::warning);
    CHECK(result_of(round).text == "from a script\n");
  }

  TEST_CASE("ends a command at its deadline") {
    Bench bench;
    bench.start(check("sleep 1000; echo late"));

    bench.pass(30s);
    bench.finish();

    CHECK(bench.rounds[0].outcome == Outcome::timed_out);
    CHECK(bench.rounds[0].reason == "command timed out");
    CHECK(bench.rounds[0].duration == 30s);
    CHECK(result_of(bench.rounds[0]).text == "command timed out");
    CHECK(result_of(bench.rounds[0]).status == record::Status::unknown);
  }

  TEST_CASE("believes a command that catches TERM and exits by itself") {
    const Milestone trap;
    Bench bench;
    auto settings = check_words(
        {"sh", "-c",
         "trap 'echo trapped; kill $!; exit 1' TERM; sleep 1000 & " + trap.reached() + "; wait"});
    settings.timeout = 2s;
    bench.start(settings);
    trap.wait();

    bench.pass(2s);
    bench.finish();

    CHECK(bench.rounds[0].outcome == Outcome::ok);
    CHECK(result_of(bench.rounds[0]).status == record::Status::warning);
    CHECK(result_of(bench.rounds[0]).text == "trapped\n");
  }

  TEST_CASE("kills ten seconds later what ignores TERM, with all it started") {
    const Milestone ignoring;
    Bench bench;
    bench.start(check("trap '' TERM; sleep 1000 & " + ignoring.reached() + "; wait"));
    ignoring.wait();

    bench.pass(30s);
    bench.pass(9s);
    CHECK_FALSE(bench.loop.run_ready());
    bench.pass(1s);
    bench.finish();

    CHECK(bench.rounds[0].outcome == Outcome::timed_out);
    CHECK(bench.rounds[0].duration == 40s);
  }

  TEST_CASE("does not wait for a grandchild that holds stdout") {
    Bench bench;

    const Round round = bench.run(check("echo done; setsid sleep 1000 & echo $!"));

    CHECK(round.outcome == Outcome::ok);
    const std::string text = result_of(round).text;
    CHECK(text.starts_with("done\n"));
    kill(std::stoi(text.substr(5)), SIGKILL);
  }

  TEST_CASE("gives up a command that cannot be killed, and does not start it again") {
    Bench bench;
    const auto settings = check("sleep 1000");
    bench.start(settings);
    bench.pass(30s);  // TERM ...
    bench.pass(10s);  // ... and KILL are as good as ignored, for the loop does not look
    bench.pass(10s);
    CHECK(bench.rounds.at(0).outcome == Outcome::timed_out);
    CHECK(bench.rounds.at(0).reason == "command timed out and cannot be killed");
    CHECK(result_of(bench.rounds[0]).status == record::Status::unknown);

    bench.runner->start(Bench::job(settings), bench.scheduled,
                        [&](Round round) { bench.rounds.push_back(std::move(round)); });
    bench.finish_all();

    CHECK(bench.rounds.at(1).outcome == Outcome::stuck);
    CHECK(bench.rounds.at(1).reason.starts_with("process "));
    CHECK(bench.rounds.at(1).reason.ends_with(" of an earlier round cannot be killed"));
    CHECK(result_of(bench.rounds[1]).status == record::Status::unknown);
    CHECK(bench.rounds.size() == 2);

    bench.start(check("echo back"));
    bench.finish_all();
    CHECK(result_of(bench.rounds.at(2)).text == "back\n");
  }

  TEST_CASE("says nothing about a check that the agent's own stop has ended") {
    Bench bench;
    bench.start(check("sleep 1000"));
    bench.start(metric("sleep 1000"));

    bench.runner->cancel_all();
    bench.finish();

    for (const Round& round : bench.rounds) {
      CHECK(round.outcome == Outcome::cancelled);
      CHECK(round.records.empty());
    }
    CHECK(bench.runner->running_count() == 0);
    CHECK(bench.timers.size() == 0);
  }

  TEST_CASE("runs the action of a check after each round, and tells it what happened") {
    const test::TemporaryDirectory folder;
    const std::string log = folder.file("log");
    Bench bench;
    auto settings = check("echo broken; exit 2");
    settings.action = config::ActionSettings{
        .command = {.shell = "echo \"$MACKEREL_STATUS ($MACKEREL_PREVIOUS_STATUS) $A "
                             "$MACKEREL_CHECK_MESSAGE\" >>" +
                             log},
        .env = {{"A", "a"}}};

    bench.run(settings);
    bench.finish_all();
    settings.command = config::Command{.words = {"no-such"}};
    bench.run(settings);
    bench.finish_all();

    std::ifstream file(log);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    CHECK(text ==
          "CRITICAL () a broken\n\n"
          "UNKNOWN (CRITICAL) a exit code: 127, exec: \"no-such\": executable file not found in "
          "$PATH\n");
  }
}

TEST_SUITE("ExecRunner, metrics") {
  TEST_CASE("reads metric lines whatever the exit code") {
    Bench bench;

    const Round round = bench.run(metric("printf 'a.b\\t1\\t1\\nbad x 1\\n'; exit 1"));

    CHECK(round.job == "metric:web");
    CHECK(round.outcome == Outcome::ok);
    CHECK(samples_of(round) == Texts{"a.b=1"});
    CHECK(round.dropped == 1);
    CHECK(round.faults == Texts{"line 2: \"bad\": expected a number, got \"x\""});
  }

  TEST_CASE("drops what a command has printed before it is ended at its deadline") {
    const Milestone printed;
    Bench bench;
    bench.start(metric("echo a 1 1; " + printed.reached() + "; sleep 1000"));
    printed.wait();

    bench.pass(30s);
    bench.finish();

    CHECK(bench.rounds[0].outcome == Outcome::timed_out);
    CHECK(bench.rounds[0].reason == "command timed out");
    CHECK(bench.rounds[0].records.empty());
  }

  TEST_CASE("gives a reason when there is nothing") {
    struct Row {
      std::string script;
      std::string reason;
    };
    const Row rows[] = {
        {"exit 3", "exit code 3 and no metrics"},
        {"kill -9 $$", "killed by signal 9 and no metrics"},
        {"no-such-plain-word", "exit code 127 and no metrics"},
    };

    for (const Row& row : rows) {
      Bench bench;
      const Round round = bench.run(metric(row.script));

      CHECK(round.outcome == Outcome::failed);
      CHECK(round.reason == row.reason);
    }
  }

  TEST_CASE("sets the variable of the graph protocol: empty in a round, 1 when it asks") {
    const std::string script =
        "if [ -n \"$MACKEREL_AGENT_PLUGIN_META\" ]; then\n"
        "echo '# mackerel-agent-plugin'; echo '{\"graphs\":{\"g\":{}}}'\n"
        "else echo a ${MACKEREL_AGENT_PLUGIN_META+1} 1; fi";
    Bench bench;
    auto settings = metric(script);
    settings.env = {{"MACKEREL_AGENT_PLUGIN_META", "ours wins"}};

    CHECK(samples_of(bench.run(settings)) == Texts{"a=1"});
    bench.start_graph_run(settings);
    bench.finish();

    const Round& round = bench.rounds.back();
    CHECK(round.outcome == Outcome::ok);
    REQUIRE(round.records.size() == 1);
    CHECK(std::get<record::GraphDefinition>(round.records[0]).name == "g");
  }

  TEST_CASE("gives a command the variables of its section") {
    Bench bench;
    auto settings = metric("echo $A$B 1 1");
    settings.env = {{" A ", "x"}, {"", "skipped"}, {" ", "skipped"}, {"B", "1"}, {"B", "2"}};

    CHECK(samples_of(bench.run(settings)) == Texts{"x2=1"});
  }

  TEST_CASE("keeps the first MiB of a flood in whole lines, and its memory flat") {
    Bench bench;
    bench.run(metric("echo warm.up 1 1"));
    const std::size_t before = peak_kilobytes();

    const Round round = bench.run(metric("yes a.very.long.name 1 1700000000 | head -c 50000000"));

    CHECK(round.outcome == Outcome::ok);
    CHECK(samples_of(round) == Texts{"a.very.long.name=1"});
    const std::string line = "a.very.long.name 1 1700000000\n";
    const std::size_t lines_kept = 1024 * 1024 / line.size();
    const std::size_t lines = (50'000'000 + line.size() - 1) / line.size();
    CHECK(round.dropped == lines - 1);  // all but one, as repeated or as thrown away
    CHECK(round.faults.at(0) == fmt::format("output: {} bytes beyond the first 1 MiB thrown away",
                                            50'000'000 - lines_kept * line.size()));
    CHECK(round.faults.at(1) == "line 2: \"a.very.long.name\" again, the value before is replaced");
    CHECK(peak_kilobytes() - before < 32 * 1024);  // a sanitizer needs half of it
  }

  TEST_CASE("runs others while one prints without end") {
    Bench bench;
    bench.start(metric("yes 'a 1 1'"));

    bool is_done = false;
    bench.runner->start(Bench::job(check("echo quick")), bench.scheduled, [&](Round round) {
      is_done = result_of(round).text == "quick\n";
      bench.loop.stop();
    });
    bench.loop.run();
    bench.pass(30s);
    bench.finish();

    CHECK(is_done);
    CHECK(bench.rounds.at(0).outcome == Outcome::timed_out);
  }

  TEST_CASE("runs twenty at once and leaves neither a process nor a descriptor behind") {
    Bench bench;
    const std::size_t before = open_fd_count();

    for (int i = 0; i < 20; ++i) bench.start(metric(fmt::format("sleep 0; echo m{0} {0} 1", i)));
    CHECK(bench.runner->running_count() == 20);
    bench.finish();

    CHECK(bench.rounds.size() == 20);
    for (const Round& round : bench.rounds) CHECK(round.records.size() == 1);
    CHECK(bench.runner->running_count() == 0);
    CHECK(bench.timers.size() == 0);
    CHECK(open_fd_count() == before);
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
  }

  TEST_CASE("kills what still runs when it goes") {
    Bench bench;
    const std::size_t before = open_fd_count();
    bench.start(metric("sleep 1000 | sleep 1000"));

    bench.runner.reset();

    CHECK(bench.rounds.empty());
    CHECK(open_fd_count() == before);
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
  }

  TEST_CASE("starts with SIGCHLD as it must be") {
    std::signal(SIGCHLD, SIG_IGN);
    Bench bench;

    CHECK(result_of(bench.run(check("exit 2"))).status == record::Status::critical);
  }
}

TEST_SUITE("ExecRunner, metadata") {
  TEST_CASE("takes one JSON value from a command that exits with 0") {
    struct Row {
      std::string script;
      std::string json;
      std::string reason;
    };
    const Row rows[] = {
        {"echo '{\"a\": 1}'", "{\"a\": 1}", ""},
        {"echo '{}'; exit 2", "", "exit code 2, expected exit code 0"},
        {"echo oops", "", "metadata: expected a JSON value, got \"oops\""},
        {"yes '[' | head -c 2000000", "", "output: longer than 1 MiB"},
    };

    for (const Row& row : rows) {
      CAPTURE(row.script);
      Bench bench;
      const Round round = bench.run(shell(config::JobKind::metadata, row.script));

      CHECK(round.reason == row.reason);
      CHECK(round.outcome == (row.reason.empty() ? Outcome::ok : Outcome::failed));
      REQUIRE(round.records.size() == (row.reason.empty() ? 1 : 0));
      if (!round.records.empty()) {
        CHECK(std::get<record::Metadata>(round.records[0]).json == row.json);
      }
    }
  }
}
