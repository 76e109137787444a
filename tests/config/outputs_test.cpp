// [plugin.outputs.X] and [host_metrics.X].
#include <doctest/doctest.h>

#include "config/findings.h"

using namespace shoal::test;
using namespace std::chrono_literals;
using shoal::config::Isolation;
using shoal::config::read_text;
using shoal::config::Settings;

namespace {

Settings read_clean(const std::string& text) {
  auto result = read_text(text, "t.conf");
  CHECK(joined(error_lines(result)) == "");
  CHECK(joined(warning_lines(result)) == "");
  return result.settings;
}

}  // namespace

TEST_SUITE("an output") {
  TEST_CASE("is a plugin with options, a match and limits of its queue") {
    const auto settings = read_clean(R"(
      [plugin.outputs.ops]
      plugin = "slack"
      options = { webhook_file = "/etc/shoal/slack" }
      match = ["event:check:web*", "!event:check:web-test"]
      timeout_seconds = 10
      isolation = "inline"
      memory_limit = "32MiB"
      queue_limit = "1MiB"
      queue_max_age = "2h"
    )");

    REQUIRE(settings.outputs.size() == 1);
    const auto& ops = settings.outputs[0];
    CHECK(ops.name == "ops");
    CHECK(ops.plugin == "slack");
    CHECK(ops.options_json == R"({"webhook_file":"/etc/shoal/slack"})");
    CHECK(ops.match == Lines{"event:check:web*", "!event:check:web-test"});
    CHECK(ops.timeout == 10s);
    CHECK(ops.isolation == Isolation::inline_);
    CHECK(ops.memory_limit_bytes == 32ULL << 20);
    CHECK(ops.queue_limit_bytes == 1ULL << 20);
    CHECK(ops.queue_limit_age == 2h);
  }

  TEST_CASE("has limits and no match unless it says so") {
    const auto settings = read_clean("[plugin.outputs.ops]\nplugin = 'slack'\n");

    CHECK_FALSE(settings.outputs[0].match);
    CHECK(settings.outputs[0].queue_limit_bytes == 64ULL << 20);
    CHECK(settings.outputs[0].queue_limit_age == 24h);
  }

  TEST_CASE("is refused with all that is wrong") {
    CHECK(errors_in("[plugin.outputs.a]\nmatch = 'x'\nqueue_limit = 5\nqueue_max_age = '1d2'\n"
                    "interval = '5s'\n[plugin.outputs.b]\nplugin = ''\nmach = []\n") ==
          "t.conf:1: plugin.outputs.a: expected plugin, got none\n"
          "t.conf:2: plugin.outputs.a.match: expected an array of strings, got a string\n"
          "t.conf:3: plugin.outputs.a.queue_limit: expected a string, got an integer\n"
          "t.conf:4: plugin.outputs.a.queue_max_age: expected a duration like \"30s\", got "
          "\"1d2\"\n"
          "t.conf:5: plugin.outputs.a.interval: unknown key\n"
          "t.conf:7: plugin.outputs.b.plugin: expected a name or a path, got nothing\n"
          "t.conf:8: plugin.outputs.b.mach: unknown key, did you mean \"match\"?\n");
  }

  TEST_CASE("is refused a match that no record can fit") {
    const auto error = [](const std::string& glob) {
      return errors_in("[plugin.outputs.a]\nplugin = 'x'\nmatch = ['" + glob + "']\n");
    };
    for (const char* glob : {"sample:cpu.*", "!check:x", "event:check:x", "metadata:*", "graph:*",
                             "*", "*:web", "chec?:web", "sam*", "sample?cpu"}) {
      CHECK(error(glob) == "");
    }
    for (const std::string glob : {"web*", "checks:web", "checks*", "check", "!", ""}) {
      CHECK(
          error(glob) ==
          "t.conf:3: plugin.outputs.a.match: expected a pattern like \"check:web*\" with sample:, "
          "check:, event:, metadata: or graph:, got \"" +
              glob + "\"\n");
    }
  }

  TEST_CASE("is one of 64 at most") {
    std::string text;
    for (int i = 10; i < 75; ++i) {
      text += "[plugin.outputs.o" + std::to_string(i) + "]\nplugin = 'x'\n";
    }

    CHECK(errors_in(text) == "t.conf:129: plugin.outputs: more than 64 outputs\n");
  }
}

TEST_SUITE("the output mackerel") {
  TEST_CASE("may have a section that says more about it") {
    const auto settings = read_clean(
        "apikey = 'k'\ndisplay_name = 'top'\n[plugin.outputs.mackerel]\nplugin = 'mackerel'\n"
        "match = ['sample:*']\noptions = { display_name = 'own' }\n");

    REQUIRE(settings.outputs.size() == 1);
    CHECK(settings.outputs[0].match == Lines{"sample:*"});
    CHECK(settings.outputs[0].options_json == R"({"display_name":"own","apikey":"k"})");
  }

  TEST_CASE("keeps the key that its own section gives") {
    const auto settings = read_clean(
        "apikey = 'k'\n[plugin.outputs.mackerel]\nplugin = 'mackerel'\n"
        "options = { apikey_file = '/f' }\n");

    CHECK(settings.outputs[0].options_json == R"({"apikey_file":"/f"})");
  }

  TEST_CASE("may be switched off") {
    CHECK(read_clean("apikey = 'k'\n[plugin.outputs.mackerel]\nplugin = 'mackerel'\n"
                     "enabled = false\n")
              .outputs.empty());
  }

  TEST_CASE("shares its name with no other") {
    CHECK(errors_in("apikey = 'k'\n[plugin.outputs.mackerel]\nplugin = 'slack'\n") ==
          "t.conf:2: plugin.outputs.mackerel: the apikey makes an output of this name; expected "
          "another one\n");
  }
}

TEST_SUITE("the host's own metrics") {
  TEST_CASE("run once a minute without being named") {
    const auto settings = read_clean("");

    REQUIRE(settings.jobs.size() == 6);
    for (const auto& job : settings.jobs) {
      CHECK(job.is_host_metric);
      CHECK(job.plugin == job.name);
      CHECK(job.interval == 1min);
      CHECK(job.options_json == "{}");
    }
  }

  TEST_CASE("take options, an interval and the common keys") {
    const auto settings = read_clean(
        "[host_metrics.filesystem]\noptions = { ignore_types = ['tmpfs'] }\ninterval = '10s'\n"
        "timeout_seconds = 3\nisolation = 'process'\n");

    const auto* filesystem = job(settings, "host:filesystem");
    CHECK(filesystem->options_json == R"({"ignore_types":["tmpfs"]})");
    CHECK(filesystem->interval == 10s);
    CHECK(filesystem->timeout == 3s);
    CHECK(filesystem->isolation == Isolation::process);
    CHECK(to_text(filesystem->where) == "t.conf:1");
  }

  TEST_CASE("are switched off by name") {
    const auto settings = read_clean("[host_metrics]\ncpu.enabled = false\n");

    CHECK(settings.jobs.size() == 5);
    CHECK_FALSE(job(settings, "host:cpu"));
  }

  TEST_CASE("prefer their own options to those of mackerel-agent's tables") {
    const auto settings = read_clean(
        "[filesystems]\nignore = 'a'\nuse_mountpoint = true\n"
        "[host_metrics.filesystem.options]\nignore = 'b'\n");

    CHECK(job(settings, "host:filesystem")->options_json ==
          R"({"ignore":"b","use_mountpoint":true})");
    CHECK(job(settings, "host:disk")->options_json == R"({"use_mountpoint":true})");
  }

  TEST_CASE("ignore nothing by an empty pattern") {
    const auto settings =
        read_clean("[filesystems]\nignore = ''\n[disks]\nignore = ''\n[interfaces]\nignore = ''\n");

    for (const char* id : {"host:filesystem", "host:disk", "host:interface"}) {
      CHECK(job(settings, id)->options_json == "{}");
    }
  }

  TEST_CASE("stand beside a command of the same name") {
    const auto settings = read_clean("[plugin.metrics.cpu]\ncommand = 'x'\n");

    CHECK(job(settings, "host:cpu"));
    CHECK(job(settings, "metric:cpu"));
  }

  TEST_CASE("are refused under names and with keys that nobody knows") {
    CHECK(errors_in("[host_metrics.filesystems]\n[host_metrics.cpu]\nenable = false\n"
                    "command = 'x'\n") ==
          "t.conf:1: host_metrics.filesystems: unknown key, did you mean \"filesystem\"?\n"
          "t.conf:3: host_metrics.cpu.enable: unknown key, did you mean \"enabled\"?\n"
          "t.conf:4: host_metrics.cpu.command: unknown key\n");
  }
}
