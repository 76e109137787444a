// A real mackerel-agent.conf, whole and damaged.
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "config/findings.h"

using namespace shoal::test;
using namespace std::chrono_literals;
using shoal::config::Environment;
using shoal::config::read_text;
using shoal::config::ReadResult;

namespace {

std::string sample() {
  std::ifstream file(CONFIG_TESTDATA "/mackerel-agent.conf");
  return {std::istreambuf_iterator<char>(file), {}};
}

ReadResult read_sample() {
  return read_text(sample(), "mackerel-agent.conf");
}

// The sample with the first `from` in it made `to`.
std::string damaged(const std::string& from, const std::string& to) {
  std::string text = sample();
  const auto place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

std::string errors_when(const std::string& from, const std::string& to) {
  return joined(error_lines(read_text(damaged(from, to), "m.conf")));
}

}  // namespace

TEST_SUITE("mackerel-agent.conf") {
  TEST_CASE("is read without a complaint") {
    const auto result = read_sample();

    CHECK(joined(error_lines(result)) == "");
    CHECK(joined(warning_lines(result)) == "");
  }

  TEST_CASE("keeps mackerel-agent's paths") {
    const auto settings = read_sample().settings;

    CHECK(settings.root == "/var/lib/mackerel-agent");
    CHECK(settings.pidfile == "/var/run/mackerel-agent.pid");
    CHECK(settings.socket == "/var/lib/mackerel-agent/shoal.sock");
  }

  TEST_CASE("gives the jobs of all kinds and the host's own metrics") {
    const auto settings = read_sample().settings;

    Lines ids;
    for (const auto& job : settings.jobs) ids.push_back(job.id());
    CHECK(ids == Lines{"host:cpu", "host:disk", "host:filesystem", "host:interface", "host:loadavg",
                       "host:memory", "metric:app", "check:ssh", "metadata:packages"});
  }

  TEST_CASE("gives a metric command") {
    const auto settings = read_sample().settings;

    const auto* app = job(settings, "metric:app");
    REQUIRE(app);
    CHECK(to_text(app->where) == "mackerel-agent.conf:22");
    REQUIRE(app->command);
    CHECK(app->command->words == Lines{"/opt/shop/app-metrics", "--port", "9000"});
    CHECK(app->command->shell == "");
    CHECK(app->interval == 60s);
    CHECK(app->timeout == 20s);
    CHECK(app->include_pattern == "^app\\.");
    CHECK_FALSE(app->exclude_pattern);
    CHECK(app->custom_identifier == "app.shop.example");
    CHECK(app->use_plugin_timestamp);
    CHECK_FALSE(app->is_host_metric);
  }

  TEST_CASE("gives a check with its action") {
    const auto settings = read_sample().settings;

    const auto* ssh = job(settings, "check:ssh");
    REQUIRE(ssh);
    CHECK(ssh->command->shell == "check-tcp -H 127.0.0.1 -p 22 -w 1 -c 3");
    CHECK(ssh->user == "nobody");
    CHECK(ssh->interval == 5min);
    CHECK(ssh->timeout == 30s);
    CHECK(ssh->max_check_attempts == 3);
    CHECK(ssh->notification_interval_minutes == 60);
    CHECK(ssh->memo == "who to call: wiki/ssh");
    REQUIRE(ssh->action);
    CHECK(ssh->action->command.shell == "/opt/shop/on-check");
    CHECK(ssh->action->user == "ops");
    CHECK(ssh->action->env == Environment{{"X", "1"}});
    CHECK(ssh->action->timeout == 10s);
  }

  TEST_CASE("gives metadata") {
    const auto settings = read_sample().settings;

    const auto* packages = job(settings, "metadata:packages");
    REQUIRE(packages);
    CHECK(packages->interval == 1h);
  }

  TEST_CASE("hands [filesystems], [disks] and [interfaces] to the host's own metrics") {
    const auto settings = read_sample().settings;

    CHECK(job(settings, "host:filesystem")->options_json ==
          R"x({"ignore":"/dev/(ram|loop)","use_mountpoint":true})x");
    CHECK(job(settings, "host:disk")->options_json ==
          R"x({"use_mountpoint":true,"ignore":"^(loop|ram)"})x");
    CHECK(job(settings, "host:interface")->options_json == R"({"ignore":"^docker"})");
    CHECK(job(settings, "host:cpu")->options_json == "{}");
    CHECK(job(settings, "host:filesystem")->option_lines.at("/ignore") == 13);
    CHECK(job(settings, "host:filesystem")->plugin == "filesystem");
    CHECK(job(settings, "host:filesystem")->is_host_metric);
  }

  TEST_CASE("makes the output mackerel") {
    const auto settings = read_sample().settings;

    REQUIRE(settings.outputs.size() == 1);
    const auto& mackerel = settings.outputs[0];
    CHECK(mackerel.name == "mackerel");
    CHECK(mackerel.plugin == "mackerel");
    CHECK(to_text(mackerel.where) == "mackerel-agent.conf:2");
    CHECK(mackerel.options_json ==
          R"({"apikey":"testkey-0123456789","display_name":"shop-1","keep_alive":false,)"
          R"("host_status_on_start":"working","host_status_on_stop":"poweroff",)"
          R"("roles":["Shop:web","Shop: batch"],"proxy":"http://proxy.example:3128"})");
    CHECK(mackerel.option_lines.at("/host_status_on_stop") == 10);
    CHECK(mackerel.option_lines.at("/display_name") == 4);
  }

  TEST_CASE("means the same with a byte order mark and DOS line ends") {
    std::string text = "\xEF\xBB\xBF";
    for (const char c : sample()) text += c == '\n' ? std::string("\r\n") : std::string(1, c);

    const auto result = read_text(text, "mackerel-agent.conf");

    CHECK(joined(error_lines(result)) == "");
    CHECK(joined(warning_lines(result)) == "");
    CHECK(result.settings.jobs.size() == 9);
    CHECK(to_text(job(result.settings, "check:ssh")->where) == "mackerel-agent.conf:29");
    CHECK(job(result.settings, "check:ssh")->memo == "who to call: wiki/ssh");
  }

  TEST_CASE("means the same in any case of its keys") {
    std::string text;
    for (const char* line :
         {"APIKEY = 'k'", "Roles = ['a:b']", "[Host_Status]", "On_Start = 'working'",
          "[PLUGIN.Checks.Web]", "Command = 'x'", "Check_Interval = 7"}) {
      text += std::string(line) + "\n";
    }

    const auto result = read_text(text, "m.conf");

    CHECK(joined(error_lines(result)) == "");
    CHECK(joined(warning_lines(result)) == "");
    CHECK(result.settings.host_status_on_start == "working");
    REQUIRE(job(result.settings, "check:Web"));
    CHECK(job(result.settings, "check:Web")->interval == 7min);
    CHECK(output(result.settings, "mackerel"));
  }

  TEST_CASE("heeds the key written as documented when another differs in case only") {
    const auto result = read_text("ROOT = '/a'\nroot = '/b'\n", "m.conf");

    CHECK(result.settings.root == "/b");
    CHECK(joined(warning_lines(result)) == "m.conf:1: ROOT: ignored, line 2 gives the same key\n");
  }

  TEST_CASE("is refused with file, line and key where it is damaged") {
    CHECK(errors_when("\"Shop:web\", ", "\"Shop:web\", 5, ") ==
          "m.conf:3: roles: expected an array of strings, got an integer in it\n");
    CHECK(errors_when("[\"Shop:web\", \"Shop: batch\"]", "\"Shop:web\"") ==
          "m.conf:3: roles: expected an array of strings, got a string\n");
    CHECK(errors_when("\"testkey-0123456789\"", "17") ==
          "m.conf:2: apikey: expected a string, got an integer\n");
    CHECK(errors_when("= true", "= \"yes\"") ==
          "m.conf:6: disable_http_keep_alive: expected a boolean, got a string\n");
    CHECK(errors_when("/dev/(ram|loop)", "/dev/(ram|loop") ==
          "m.conf:13: filesystems.ignore: pattern \"/dev/(ram|loop\" does not compile: missing ): "
          "/dev/(ram|loop\n");
    CHECK(errors_when("^docker", "(?=docker)") ==
          "m.conf:20: interfaces.ignore: pattern \"(?=docker)\" does not compile: invalid perl "
          "operator: (?=\n");
    CHECK(errors_when("timeout_seconds = 20", "timeout_seconds = 1.5") ==
          "m.conf:24: plugin.metrics.app.timeout_seconds: expected an integer, got a float\n");
    CHECK(errors_when("command = [\"/opt/shop/app-metrics\", \"--port\", \"9000\"]",
                      "command = []") ==
          "m.conf:23: plugin.metrics.app.command: expected a program to run, got nothing\n");
    CHECK(errors_when("\"9000\"", "9000") ==
          "m.conf:23: plugin.metrics.app.command: expected an array of strings, got an integer in "
          "it\n");
    CHECK(errors_when("command = \"check-tcp -H 127.0.0.1 -p 22 -w 1 -c 3\"", "") ==
          "m.conf:29: plugin.checks.ssh: expected command or plugin, got neither\n");
    CHECK(errors_when("check_interval = \"5m\"", "check_interval = \"90s\"") ==
          "m.conf:32: plugin.checks.ssh.check_interval: expected whole minutes like 10 or "
          "\"1h30m\", got \"90s\"\n");
    CHECK(errors_when("check_interval = \"5m\"", "check_interval = -1") ==
          "m.conf:32: plugin.checks.ssh.check_interval: expected whole minutes like 10 or "
          "\"1h30m\", got -1\n");
    CHECK(errors_when("env = { X = \"1\" }", "env = { X = 1 }") ==
          "m.conf:36: plugin.checks.ssh.action.env.X: expected a string, got an integer\n");
    CHECK(errors_when("env = { X = \"1\" }", "env = { \"X=Y\" = \"1\" }") ==
          "m.conf:36: plugin.checks.ssh.action.env.X=Y: expected a name without \"=\"\n");
    CHECK(errors_when("action = {", "action = [] #") ==
          "m.conf:36: plugin.checks.ssh.action: expected a table, got an array\n");
  }

  TEST_CASE("with a syntax error names the line") {
    CHECK(errors_when("check_interval = \"5m\"", "check_interval = 5m")
              .starts_with("m.conf:32: not valid TOML: "));
    CHECK(errors_when("[host_status]", "[host_status").starts_with("m.conf:8: not valid TOML: "));
    CHECK(
        errors_when("memo = \"who", "memo = \"\xFFwho").starts_with("m.conf:35: not valid TOML: "));
  }

  TEST_CASE("names every problem, line by line") {
    CHECK(errors_in("roles = 1\nverbose = 2\n[plugin.checks.a]\n[disks]\nignore = '['\n"
                    "[plugin.metrics.b]\ncommand = 'x'\nuser = 3\n") ==
          "t.conf:1: roles: expected an array of strings, got an integer\n"
          "t.conf:2: verbose: expected a boolean, got an integer\n"
          "t.conf:3: plugin.checks.a: expected command or plugin, got neither\n"
          "t.conf:5: disks.ignore: pattern \"[\" does not compile: missing ]: [\n"
          "t.conf:8: plugin.metrics.b.user: expected a string, got an integer\n");
  }
}
