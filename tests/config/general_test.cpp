// The keys at the top of a file, flags and paths.
#include <doctest/doctest.h>

#include "config/findings.h"

using namespace shoal::test;
using shoal::config::embedded_default;
using shoal::config::Overrides;
using shoal::config::read;
using shoal::config::read_text;
using shoal::config::Verbosity;

namespace {

struct WrongType {
  const char* key;
  const char* value;
  const char* expected;
};

constexpr WrongType wrong_types[] = {
    {"apikey", "1", "a string, got an integer"},
    {"apikey_file", "1", "a string, got an integer"},
    {"apibase", "true", "a string, got a boolean"},
    {"root", "[]", "a string, got an array"},
    {"pidfile", "{}", "a string, got a table"},
    {"conffile", "1", "a string, got an integer"},
    {"plugin_dir", "1.5", "a string, got a float"},
    {"socket", "1", "a string, got an integer"},
    {"display_name", "2024-01-02", "a string, got a date or time"},
    {"http_proxy", "1", "a string, got an integer"},
    {"https_proxy", "1", "a string, got an integer"},
    {"cloud_platform", "1", "a string, got an integer"},
    {"include", "1", "a string, got an integer"},
    {"roles", "'a:b'", "an array of strings, got a string"},
    {"verbose", "1", "a boolean, got an integer"},
    {"silent", "'no'", "a boolean, got a string"},
    {"diagnostic", "0", "a boolean, got an integer"},
    {"history", "'yes'", "a boolean, got a string"},
    {"disable_http_keep_alive", "1", "a boolean, got an integer"},
    {"host_status", "1", "a table, got an integer"},
    {"host_status.on_start", "1", "a string, got an integer"},
    {"host_status.on_stop", "1", "a string, got an integer"},
    {"filesystems", "1", "a table, got an integer"},
    {"filesystems.ignore", "1", "a string, got an integer"},
    {"filesystems.use_mountpoint", "1", "a boolean, got an integer"},
    {"disks", "[]", "a table, got an array"},
    {"disks.ignore", "['a']", "a string, got an array"},
    {"interfaces", "1", "a table, got an integer"},
    {"interfaces.ignore", "1", "a string, got an integer"},
    {"interfaces.use_adapter", "1", "a boolean, got an integer"},
    {"plugin", "1", "a table, got an integer"},
    {"plugin.metrics", "1", "a table, got an integer"},
    {"plugin.checks", "[]", "a table, got an array"},
    {"plugin.metrics.x", "'command'", "a table, got a string"},
    {"plugin.outputs.x", "1", "a table, got an integer"},
    {"host_metrics", "1", "a table, got an integer"},
    {"host_metrics.cpu", "false", "a table, got a boolean"},
    {"host_metrics.cpu.enabled", "1", "a boolean, got an integer"},
    {"host_metrics.cpu.options", "1", "a table, got an integer"},
};

constexpr WrongType wrong_types_of_sections[] = {
    {"command", "1", "a string or an array of strings, got an integer"},
    {"enabled", "1", "a boolean, got an integer"},
    {"timeout_seconds", "'5'", "an integer, got a string"},
    {"env", "[]", "a table, got an array"},
    {"env", "{ A = 1 }", "A: expected a string, got an integer"},
    {"user", "1", "a string, got an integer"},
    {"isolation", "1", "a string, got an integer"},
    {"memory_limit", "64", "a string, got an integer"},
    {"metric_prefix", "1", "a string, got an integer"},
    {"custom_identifier", "1", "a string, got an integer"},
    {"include_pattern", "1", "a string, got an integer"},
    {"exclude_pattern", "[]", "a string, got an array"},
    {"use_plugin_timestamp", "1", "a boolean, got an integer"},
    {"max_check_attempts", "'3'", "an integer, got a string"},
    {"prevent_alert_auto_close", "1", "a boolean, got an integer"},
    {"memo", "1", "a string, got an integer"},
    {"action", "'x'", "a table, got a string"},
};

}  // namespace

TEST_SUITE("keys of a file") {
  TEST_CASE("are refused with a value of the wrong type") {
    for (const WrongType& it : wrong_types) {
      const std::string key = it.key;
      CHECK(errors_in(key + " = " + it.value + "\n") ==
            "t.conf:1: " + key + ": expected " + it.expected + "\n");
    }
  }

  TEST_CASE("of a section are refused with a value of the wrong type") {
    for (const WrongType& it : wrong_types_of_sections) {
      const std::string expected = it.expected;
      const bool is_deeper = expected.starts_with("A: ");
      const std::string command = std::string(it.key) == "command" ? "" : "command = 'x'";
      CHECK(errors_in("[plugin.checks.web]\n" + command + "\n" + it.key + " = " + it.value) ==
            std::string("t.conf:3: plugin.checks.web.") + it.key +
                (is_deeper ? "." : ": expected ") + expected + "\n");
    }
  }

  TEST_CASE("that nobody knows are warned about, with the one that was likely meant") {
    CHECK(warnings_in("apibse = 'x'\nfoo = 1\n[host_status]\non_strat = 'working'\n"
                      "[disks]\nignored = 'x'\n[interfaces]\nuse_mountpoint = true\n") ==
          "t.conf:1: apibse: unknown key, did you mean \"apibase\"?\n"
          "t.conf:2: foo: unknown key\n"
          "t.conf:4: host_status.on_strat: unknown key, did you mean \"on_start\"?\n"
          "t.conf:6: disks.ignored: unknown key, did you mean \"ignore\"?\n"
          "t.conf:8: interfaces.use_mountpoint: unknown key\n");
  }

  TEST_CASE("that mackerel-agent no longer has are named as such") {
    CHECK(warnings_in(
              "[connection]\npost_metrics_retry_max = 5\n[sensu.checks.x]\ncommand = 'x'\n") ==
          "t.conf:1: connection: no longer has an effect, mackerel-agent ignores it since 0.49.0\n"
          "t.conf:3: sensu: no longer has an effect, mackerel-agent ignores it since 0.30.0\n");
  }

  TEST_CASE("include kinds of plugins that do not exist") {
    CHECK(warnings_in("[plugin.foo.x]\ncommand = 'x'\n[plugin.check.web]\ncommand = 'x'\n") ==
          "t.conf:1: plugin.foo.x: unknown key, did you mean \"plugin.metrics.x\"?\n"
          "t.conf:3: plugin.check.web: unknown key, did you mean \"plugin.checks.web\"?\n");
    CHECK(errors_in("[plugin.metric.x]\nplugin = 'x'\n[plugin.output.ops]\nmatch = []\n") ==
          "t.conf:1: plugin.metric.x: unknown key, did you mean \"plugin.metrics.x\"?\n"
          "t.conf:3: plugin.output.ops: unknown key, did you mean \"plugin.outputs.ops\"?\n");
  }

  TEST_CASE("set what the agent does") {
    const auto settings = read_text(
                              "root = '/r'\npidfile = '/p'\nplugin_dir = '/d'\nsocket = '/s'\n"
                              "diagnostic = true\nhistory = false\nhttps_proxy = 'direct'\n"
                              "cloud_platform = 'ec2'\nverbose = true\nsilent = true\n",
                              "t.conf")
                              .settings;

    CHECK(settings.root == "/r");
    CHECK(settings.pidfile == "/p");
    CHECK(settings.plugin_dir == "/d");
    CHECK(settings.socket == "/s");
    CHECK(settings.diagnostic);
    CHECK_FALSE(settings.is_history_enabled);
    CHECK(settings.https_proxy == "direct");
    CHECK(settings.cloud_platform == "ec2");
    CHECK(settings.verbosity == Verbosity::verbose);
    CHECK(read_text("silent = true", "t.conf").settings.verbosity == Verbosity::silent);
  }

  TEST_CASE("name a cloud platform that there is") {
    CHECK(errors_in("cloud_platform = 'ecs'") ==
          "t.conf:1: cloud_platform: expected \"auto\" or \"none\" or \"ec2\" or \"gce\" or "
          "\"azurevm\" or \"\", got \"ecs\"\n");
    CHECK(read_text("cloud_platform = ''", "t.conf").settings.cloud_platform == "auto");
  }
}

TEST_SUITE("paths") {
  TEST_CASE("are shoal's own by default") {
    const auto settings = read_text("", "/etc/shoal/shoal.conf").settings;

    CHECK(settings.main_file == "/etc/shoal/shoal.conf");
    CHECK(settings.root == "/var/lib/shoal");
    CHECK(settings.plugin_dir == "/usr/lib/shoal/plugins");
    CHECK(settings.socket == "/run/shoal/shoal.sock");
    CHECK(settings.pidfile == "");
  }

  TEST_CASE("follow the root") {
    CHECK(read_text("root = '/r'", "t.conf").settings.socket == "/r/shoal.sock");
    CHECK(read_text("", "t.conf", {.root = "/f"}).settings.socket == "/f/shoal.sock");
    CHECK(read_text("", "t.conf", {.root = "/f", .socket = "/s"}).settings.socket == "/s");
  }

  TEST_CASE("of a mackerel-agent.conf may be given, and an empty one means the default") {
    const auto settings =
        read_text("root = '/r'\npidfile = ''\n", "/etc/mackerel-agent/mackerel-agent.conf")
            .settings;

    CHECK(settings.root == "/r");
    CHECK(settings.pidfile == "/var/run/mackerel-agent.pid");
    CHECK(settings.socket == "/r/shoal.sock");
  }
}

TEST_SUITE("command line") {
  TEST_CASE("wins over the file") {
    const Overrides flags{.apikey = "flag",
                          .apibase = "http://localhost:8080",
                          .pidfile = "/p",
                          .plugin_dir = "/d",
                          .roles = {{"f:f"}},
                          .verbose = false,
                          .diagnostic = true};
    const std::string text =
        "apikey = 'file'\napibase = 'http://file'\nroles = ['a:b']\nverbose = true\n"
        "pidfile = '/x'\nplugin_dir = '/x'\n";

    const auto settings = read_text(text, "t.conf", flags).settings;

    CHECK(settings.pidfile == "/p");
    CHECK(settings.plugin_dir == "/d");
    CHECK(settings.diagnostic);
    CHECK(settings.verbosity == Verbosity::normal);
    CHECK(output(settings, "mackerel")->options_json ==
          R"({"apikey":"flag","apibase":"http://localhost:8080","roles":["f:f"]})");
  }

  TEST_CASE("is all there is without a file") {
    const auto settings = embedded_default({.root = "/state"});

    CHECK(settings.main_file == "");
    CHECK(settings.root == "/state");
    CHECK(settings.socket == "/state/shoal.sock");
    CHECK(settings.jobs.size() == 6);
    CHECK(settings.outputs.empty());
    CHECK(settings.warnings.empty());
    CHECK(settings.is_history_enabled);
    CHECK(to_text(settings.jobs[0].where) == "(built in)");
  }
}

TEST_SUITE("configuration file") {
  TEST_CASE("that cannot be read is an error") {
    CHECK(joined(error_lines(read("/nowhere/shoal.conf"))) ==
          "/nowhere/shoal.conf: cannot be read: No such file or directory\n");
    CHECK(joined(error_lines(read("/dev/zero"))) == "/dev/zero: is larger than 4 MiB\n");
  }

  TEST_CASE("may have the agent measure itself") {
    const auto read = shoal::config::read_text("diagnostic = true\n", "t.conf");
    const auto own = shoal::config::read_text(
        "diagnostic = true\n[plugin.metrics.diagnostic]\ncommand = \"x\"\n", "t.conf");

    REQUIRE(job(read.settings, "metric:diagnostic"));
    CHECK(job(read.settings, "metric:diagnostic")->plugin == "agent");
    CHECK(job(own.settings, "metric:diagnostic")->plugin == "");
    CHECK_FALSE(job(shoal::config::read_text("", "t.conf").settings, "metric:diagnostic"));
  }
}
