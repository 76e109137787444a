// Sections that run something: what their keys mean, and what is wrong with them.
#include <doctest/doctest.h>

#include "config/findings.h"

using namespace shoal::test;
using namespace std::chrono_literals;
using shoal::config::Environment;
using shoal::config::Isolation;
using shoal::config::JobSettings;
using shoal::config::read_text;
using shoal::config::Settings;

namespace {

Settings read_clean(const std::string& text) {
  auto result = read_text(text, "t.conf");
  CHECK(joined(error_lines(result)) == "");
  CHECK(joined(warning_lines(result)) == "");
  return result.settings;
}

// The job of a section with this header and these keys.
JobSettings read_job(const std::string& id, const std::string& header, const std::string& keys,
                     const std::string& file = "t.conf") {
  const auto settings = read_text(header + "\n" + keys, file).settings;
  const auto* found = job(settings, id);
  REQUIRE(found);
  return *found;
}

JobSettings read_check(const std::string& keys) {
  return read_job("check:web", "[plugin.checks.web]\ncommand = 'x'", keys);
}

JobSettings read_metadata(const std::string& keys) {
  return read_job("metadata:inventory", "[plugin.metadata.inventory]\ncommand = 'x'", keys);
}

std::string errors_of_check(const std::string& keys) {
  return errors_in("[plugin.checks.web]\ncommand = 'x'\n" + keys);
}

}  // namespace

TEST_SUITE("a section with a plugin") {
  TEST_CASE("takes the common keys and options of its own") {
    const auto settings = read_clean(R"(
      [plugin.metrics.nginx]
      plugin = "nginx"
      interval = "10s"
      timeout_seconds = 5
      env = { LANG = "C", " PAD " = "x", "" = "y" }
      user = "www-data"
      isolation = "process"
      memory_limit = "64MiB"
      metric_prefix = "front"
      options = { uri = "http://127.0.0.1/nginx_status", tries = 3 }
    )");

    const auto* nginx = job(settings, "metric:nginx");
    REQUIRE(nginx);
    CHECK_FALSE(nginx->command);
    CHECK(nginx->plugin == "nginx");
    CHECK(nginx->interval == 10s);
    CHECK(nginx->timeout == 5s);
    CHECK(nginx->env == Environment{{"PAD", "x"}, {"LANG", "C"}});
    CHECK(nginx->user == "www-data");
    CHECK(nginx->isolation == Isolation::process);
    CHECK(nginx->memory_limit_bytes == 64ULL << 20);
    CHECK(nginx->metric_prefix == "front");
    CHECK(nginx->options_json == R"({"tries":3,"uri":"http://127.0.0.1/nginx_status"})");
    CHECK(nginx->option_lines.at("/uri") == 11);
  }

  TEST_CASE("may forbid its plugin system calls, which takes a process") {
    const auto settings = read_clean("[plugin.checks.web]\nplugin = 'http'\nseccomp = true\n");

    CHECK(job(settings, "check:web")->has_seccomp);
    CHECK(errors_in("[plugin.checks.web]\nplugin = 'x'\nseccomp = true\nisolation = 'inline'\n") ==
          "t.conf:3: plugin.checks.web.seccomp: needs a process of the plugin's own, and isolation "
          "is \"inline\"\n");
    CHECK(errors_in("[plugin.checks.web]\ncommand = 'x'\nseccomp = true\n") ==
          "t.conf:3: plugin.checks.web.seccomp: is for plugins; a command cannot have it\n");
  }

  TEST_CASE("is left out when it is not enabled") {
    const auto settings = read_clean(
        "[plugin.checks.web]\nplugin = 'http'\nenabled = false\n"
        "[plugin.outputs.ops]\nplugin = 'slack'\nenabled = false\n");

    CHECK_FALSE(job(settings, "check:web"));
    CHECK(settings.outputs.empty());
  }

  TEST_CASE("is refused with every key it does not know") {
    CHECK(errors_in("[plugin.checks.web]\nplugin = 'http'\nintervall = '5s'\nurl = 'x'\n") ==
          "t.conf:3: plugin.checks.web.intervall: unknown key, did you mean \"interval\"?\n"
          "t.conf:4: plugin.checks.web.url: unknown key\n");
  }

  TEST_CASE("runs either a command or a plugin") {
    CHECK(errors_in("[plugin.checks.web]\ncommand = 'x'\nplugin = 'y'\n") ==
          "t.conf:3: plugin.checks.web.plugin: give either this or command\n");
    CHECK(errors_in("[plugin.checks.web]\n") ==
          "t.conf:1: plugin.checks.web: expected command or plugin, got neither\n");
    CHECK(errors_in("[plugin.checks.web]\nplugin = ''\n") ==
          "t.conf:2: plugin.checks.web.plugin: expected a name or a path, got nothing\n");
    CHECK(errors_in("[plugin.checks.web]\ncommand = ''\n") ==
          "t.conf:2: plugin.checks.web.command: expected a program to run, got nothing\n");
    CHECK(errors_in("[plugin.checks.web]\ncommand = 5\n") ==
          "t.conf:2: plugin.checks.web.command: expected a string or an array of strings, got an "
          "integer\n");
    CHECK(errors_in("[plugin.metadata.inventory]\nplugin = 'x'\n") ==
          "t.conf:2: plugin.metadata.inventory.plugin: expected a command: no kind of plugin gives "
          "metadata\n");
  }

  TEST_CASE("names the line of each option by its JSON pointer") {
    const auto settings = read_clean(
        "[plugin.metrics.x]\nplugin = 'x'\n[plugin.metrics.x.options]\nlist = [\n 1,\n 2\n]\n"
        "[plugin.metrics.x.options.'a/b~c']\ndeep = 1.0\n");

    const auto* x = job(settings, "metric:x");
    CHECK(x->options_json == R"({"a/b~c":{"deep":1.0},"list":[1,2]})");
    CHECK(x->option_lines ==
          std::map<std::string, unsigned>{
              {"/list", 4}, {"/list/0", 5}, {"/list/1", 6}, {"/a~1b~0c", 8}, {"/a~1b~0c/deep", 9}});
  }

  TEST_CASE("refuses options that JSON has no word for") {
    CHECK(errors_in("[plugin.metrics.x]\nplugin = 'x'\n[plugin.metrics.x.options]\n"
                    "a = inf\nb = [nan]\nc = 2024-01-02\nd = 07:32:00\n") ==
          "t.conf:4: plugin.metrics.x.options/a: expected a value that JSON has, got inf or nan\n"
          "t.conf:5: plugin.metrics.x.options/b/0: expected a value that JSON has, got inf or nan\n"
          "t.conf:6: plugin.metrics.x.options/c: expected a value that JSON has, got a date or "
          "time; write it as a string\n"
          "t.conf:7: plugin.metrics.x.options/d: expected a value that JSON has, got a date or "
          "time; write it as a string\n");
    CHECK(errors_in("[plugin.metrics.x]\nplugin = 'x'\noptions = 'y'\n") ==
          "t.conf:3: plugin.metrics.x.options: expected a table, got a string\n");
  }

  TEST_CASE("escapes what JSON wants escaped") {
    const auto settings = read_clean(
        "[plugin.metrics.x]\nplugin = 'x'\n"
        "options = { 'q\"' = \"\\\\ \\u0001 \\n \\u00e9 \\u007f\", big = 1e300, n = -0.5, t = true "
        "}\n");

    CHECK(job(settings, "metric:x")->options_json ==
          "{\"big\":1e+300,\"n\":-0.5,\"q\\\"\":\"\\\\ \\u0001 \\u000a \u00e9 \x7f\",\"t\":true}");
  }
}

TEST_SUITE("a section with a command") {
  TEST_CASE("is only warned about keys it does not know, as mackerel-agent always ignored them") {
    const std::string text = "[plugin.metrics.x]\ncommand = 'x'\ntimeout_second = 5\nfoo = 1\n";

    CHECK(errors_in(text) == "");
    CHECK(warnings_in(text) ==
          "t.conf:3: plugin.metrics.x.timeout_second: unknown key, did you mean "
          "\"timeout_seconds\"?\n"
          "t.conf:4: plugin.metrics.x.foo: unknown key\n");
  }

  TEST_CASE("takes the keys of other kinds without a word") {
    CHECK(warnings_in("[plugin.metrics.x]\ncommand = 'x'\ncheck_interval = 5\nmemo = 'm'\n") == "");
  }

  TEST_CASE("is warned that options go to plugins") {
    CHECK(warnings_in("[plugin.metrics.x]\ncommand = 'x'\noptions = { a = 1 }\n") ==
          "t.conf:3: plugin.metrics.x.options: no effect without plugin; a command takes its "
          "options as arguments\n");
  }

  TEST_CASE("is warned about names that Mackerel refuses") {
    CHECK(
        warnings_in("[plugin.checks.'a b']\ncommand = 'x'\n") ==
        "t.conf:1: plugin.checks.a b: Mackerel takes only letters, digits, \"-\" and \"_\" in this "
        "name\n");
    CHECK(warnings_in("[plugin.metadata.'a.b']\ncommand = 'x'\n") ==
          "t.conf:1: plugin.metadata.a.b: Mackerel takes only letters, digits, \"-\" and \"_\" in "
          "this name\n");
    CHECK(warnings_in("[plugin.metrics.'a b']\ncommand = 'x'\n") == "");
    CHECK(errors_in("[plugin.checks.'']\ncommand = 'x'\n") ==
          "t.conf:1: plugin.checks.: expected a name after the last dot, got nothing\n");
  }

  TEST_CASE("keeps check_interval between 1 and 60 minutes") {
    CHECK(read_check("").interval == 1min);
    CHECK(read_check("check_interval = 0").interval == 1min);
    CHECK(read_check("check_interval = 15").interval == 15min);
    CHECK(read_check("check_interval = '15'").interval == 15min);
    CHECK(read_check("check_interval = '2h'").interval == 60min);
    CHECK(read_check("interval = '5s'").interval == 5s);
    CHECK(errors_of_check("interval = '5s'\ncheck_interval = 1\n") ==
          "t.conf:3: plugin.checks.web.interval: give either this or check_interval\n");
  }

  TEST_CASE("keeps execution_interval from 10 minutes up") {
    CHECK(read_metadata("").interval == 10min);
    CHECK(read_metadata("execution_interval = 5").interval == 10min);
    CHECK(read_metadata("execution_interval = '48h'").interval == 48h);
    CHECK(read_metadata("interval = '30s'").interval == 30s);
  }

  TEST_CASE("takes an interval from a second up, with a unit") {
    CHECK(errors_of_check("interval = '500ms'\n") ==
          "t.conf:3: plugin.checks.web.interval: expected at least \"1s\", got \"500ms\"\n");
    CHECK(errors_of_check("interval = 10\n") ==
          "t.conf:3: plugin.checks.web.interval: expected a duration like \"30s\", got 10\n");
    CHECK(errors_of_check("interval = '10'\n") ==
          "t.conf:3: plugin.checks.web.interval: expected a duration like \"30s\", got \"10\"\n");
    CHECK(read_check("interval = '1000ms'").interval == 1s);
  }

  TEST_CASE("takes 0 seconds of timeout as the default") {
    CHECK(read_check("timeout_seconds = 0").timeout == 30s);
    CHECK(read_check("timeout_seconds = 90").timeout == 90s);
    CHECK(errors_of_check("timeout_seconds = -1\n") ==
          "t.conf:3: plugin.checks.web.timeout_seconds: expected a number of seconds, got -1\n");
    CHECK(errors_of_check("timeout_seconds = 9223372036854775807\n") ==
          "t.conf:3: plugin.checks.web.timeout_seconds: expected a number of seconds, got "
          "9223372036854775807\n");
  }

  TEST_CASE("raises notification_interval to 10 minutes and drops what is no count of attempts") {
    CHECK_FALSE(read_check("").notification_interval_minutes);
    CHECK(read_check("notification_interval = 3").notification_interval_minutes == 10);
    CHECK(read_check("notification_interval = '2h'").notification_interval_minutes == 120);
    CHECK_FALSE(read_check("max_check_attempts = -3").max_check_attempts);
    CHECK(read_check("max_check_attempts = 5").max_check_attempts == 5);
  }

  TEST_CASE("counts one attempt when alerts do not close by themselves") {
    const std::string keys = "prevent_alert_auto_close = true\nmax_check_attempts = 3\n";

    CHECK(read_check(keys).max_check_attempts == 1);
    CHECK(warnings_in("[plugin.checks.web]\ncommand = 'x'\n" + keys) ==
          "t.conf:4: plugin.checks.web.max_check_attempts: taken as 1 because of "
          "prevent_alert_auto_close\n");
  }

  TEST_CASE("cuts a memo to 250 characters, not bytes") {
    std::string memo;
    for (int i = 0; i < 250; ++i) memo += "\u00e9";

    CHECK(read_check("memo = '" + memo + "'").memo == memo);
    CHECK(read_check("memo = '" + memo + "\u00e9!'").memo == memo);
    CHECK(warnings_in("[plugin.checks.web]\ncommand = 'x'\nmemo = '" + memo + "x'\n") ==
          "t.conf:3: plugin.checks.web.memo: cut to 250 characters\n");
  }

  TEST_CASE("filters nothing by an empty pattern") {
    const auto metric = read_job("metric:x", "[plugin.metrics.x]\ncommand = 'x'",
                                 "include_pattern = ''\nexclude_pattern = ''\n");

    CHECK_FALSE(metric.include_pattern);
    CHECK_FALSE(metric.exclude_pattern);
  }

  TEST_CASE("reads the format of a command's output by its name") {
    using Format = shoal::config::OutputFormat;
    const std::pair<std::string, Format> rows[] = {
        {"mackerel", Format::mackerel},
        {"metric_graphite", Format::mackerel},
        {"graphite_plaintext", Format::graphite_plaintext},
        {"influxdb_line", Format::influxdb_line},
        {"nagios_perfdata", Format::nagios_perfdata},
        {"opentsdb_line", Format::opentsdb_line},
        {"prometheus_text", Format::prometheus_text}};
    const std::string section = "[plugin.metrics.x]\ncommand = 'x'";
    for (const auto& row : rows) {
      CAPTURE(row.first);
      CHECK(read_job("metric:x", section, "output_format = '" + row.first + "'\n").output_format ==
            row.second);
    }
    CHECK(read_job("metric:x", section, "").output_format == Format::mackerel);

    CHECK(errors_in(section + "\noutput_format = 'influxdb_lines'\n") ==
          "t.conf:3: plugin.metrics.x.output_format: expected one of mackerel, metric_graphite, "
          "graphite_plaintext, influxdb_line, nagios_perfdata, opentsdb_line, prometheus_text, got "
          "\"influxdb_lines\"; did you mean \"influxdb_line\"?\n");
    CHECK(warnings_in(section + "\noutput_fromat = 'mackerel'\n") ==
          "t.conf:3: plugin.metrics.x.output_fromat: unknown key, did you mean "
          "\"output_format\"?\n");
    CHECK(warnings_in("[plugin.metadata.x]\ncommand = 'x'\noutput_format = 'mackerel'\n") ==
          "t.conf:3: plugin.metadata.x.output_format: no effect: it is for metrics and checks that "
          "are commands\n");
  }

  TEST_CASE("reads a check's performance data, but for mackerel-agent's own files") {
    const std::string section = "[plugin.checks.x]\ncommand = 'x'\n";
    const std::pair<std::string, std::pair<bool, bool>> rows[] = {
        {"", {true, false}},
        {"output_format = 'mackerel'\n", {false, false}},
        {"output_format = 'nagios_perfdata'\n", {true, true}}};
    for (const auto& row : rows) {
      CAPTURE(row.first);
      CHECK(read_job("check:x", section, row.first).has_performance_data == row.second.first);
      CHECK(read_job("check:x", section, row.first, "mackerel-agent.conf").has_performance_data ==
            row.second.second);
    }

    CHECK(errors_in(section + "output_format = 'influxdb_line'\n") ==
          "t.conf:3: plugin.checks.x.output_format: expected mackerel or nagios_perfdata for a "
          "check, got \"influxdb_line\"\n");
  }

  TEST_CASE("has an action that runs something") {
    CHECK(errors_of_check("action = { user = 'ops' }\n") ==
          "t.conf:3: plugin.checks.web.action: expected a command, got none\n");
    CHECK(warnings_in("[plugin.checks.web]\ncommand = 'x'\naction = { command = 'y', comand = 'z' "
                      "}\n") ==
          "t.conf:3: plugin.checks.web.action.comand: unknown key, did you mean \"command\"?\n");
  }

  TEST_CASE("names a value that is none of the words it may be") {
    CHECK(errors_of_check("isolation = 'thread'\n") ==
          "t.conf:3: plugin.checks.web.isolation: expected \"inline\" or \"process\", got "
          "\"thread\"\n");
    CHECK(errors_of_check("memory_limit = '64 potatoes'\n") ==
          "t.conf:3: plugin.checks.web.memory_limit: expected a size like \"64MB\", got \"64 "
          "potatoes\"\n");
    CHECK(errors_of_check("metric_prefix = 'a b'\n") ==
          "t.conf:3: plugin.checks.web.metric_prefix: expected characters of [A-Za-z0-9_.-], got "
          "\"a b\"\n");
  }

  TEST_CASE("may speak for a service instead of a host") {
    const auto metric = [](const std::string& keys) {
      return "[plugin.metrics.app]\ncommand = \"true\"\n" + keys + "\n";
    };

    const auto read = shoal::config::read_text(metric("service = \"Shop\""), "t.conf");

    CHECK(job(read.settings, "metric:app")->custom_identifier == "service:Shop");
    CHECK(errors_in(metric("service = \"-x\"")) ==
          "t.conf:3: plugin.metrics.app.service: expected 2 to 63 of [A-Za-z0-9_-], a letter or "
          "digit first, got \"-x\"\n");
    CHECK(errors_in(metric("service = \"Shop\"\ncustom_identifier = \"a\"")) ==
          "t.conf:3: plugin.metrics.app.service: give either this or custom_identifier\n");
    CHECK(warnings_in("[plugin.checks.a]\ncommand = \"true\"\nservice = \"Shop\"\n") ==
          "t.conf:3: plugin.checks.a.service: no effect: only metrics may belong to a service\n");
  }
}
