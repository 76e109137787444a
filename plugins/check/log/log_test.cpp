#include <filesystem>
#include <fstream>
#include <memory>

#include <doctest/doctest.h>

#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using shoal::test::PluginFixture;
using Options = PluginFixture::OptionMap;
using Texts = std::vector<std::string>;

namespace {

// A log and a check of it that has begun.
struct Watched {
  shoal::test::TemporaryDirectory folder;
  Options options;
  std::unique_ptr<PluginFixture> plugin;

  explicit Watched(Options more = {}) : options(std::move(more)) {
    folder.write("app.log", "an old ERROR\n");
    options.emplace("file", folder.file("app.log"));
    options.emplace("patterns", Texts{"ERROR"});
    options.emplace("warning", std::string("0"));
    options.emplace("critical", std::string("0"));
    plugin = std::make_unique<PluginFixture>(options);
    REQUIRE(plugin->create_status == SHOAL_OK);
    CHECK(plugin->check().status == SHOAL_CHECK_OK);
  }

  void append(const std::string& text) const {
    std::ofstream(folder.path() / "app.log", std::ios::app) << text;
  }
  shoal::CheckVerdict check(const std::string& text) {
    append(text);
    return plugin->check();
  }
  // The next agent has nothing but the state.
  void restart(bool is_clean) {
    if (is_clean) CHECK(plugin->stop() == SHOAL_OK);
    auto next = std::make_unique<PluginFixture>(options);
    next->state = plugin->state;
    plugin = std::move(next);
  }
};

std::string refusal_of(const Options& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

Options levels() {
  return {{"patterns", Texts{"took (\\S+) ms"}},
          {"warning_level", std::string("100")},
          {"critical_level", std::string("500")}};
}

}  // namespace

TEST_SUITE("check log") {
  TEST_CASE("finds what is new, and tells how much") {
    Watched log;

    const auto verdict = log.check("fine\nERROR one\nERROR two\n");

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == "2 lines found by \"ERROR\" in " + log.folder.file("app.log"));
    CHECK(log.plugin->emitted ==
          std::map<std::string, double>{{"log.probe_1.matches", 2}, {"log.probe_1.lines", 3}});
    CHECK(log.check("fine\n").status == SHOAL_CHECK_OK);
  }

  TEST_CASE("counts against its thresholds") {
    Watched log({{"warning", std::string("1")}, {"critical", std::string("~:2")}});

    CHECK(log.check("ERROR\n").status == SHOAL_CHECK_OK);
    CHECK(log.check("ERROR\nERROR\n").status == SHOAL_CHECK_WARNING);
    CHECK(log.check("ERROR\nERROR\nERROR\n").status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("wants all patterns, and not all that exclude") {
    Watched log({{"patterns", Texts{"error", "disk"}},
                 {"exclude_patterns", Texts{"test", "ignored"}},
                 {"ignore_case", true},
                 {"return_lines", true}});

    const auto verdict =
        log.check("error net\nERROR Disk 1\nerror disk test\nerror disk ignored test\n");

    CHECK(verdict.text == "2 lines found by \"error\" and \"disk\" in " +
                              log.folder.file("app.log") + "\nERROR Disk 1\nerror disk test");
  }

  TEST_CASE("compares the number in a group with its levels") {
    Watched log(levels());

    CHECK(log.check("took 100 ms\ntook fast ms\n").status == SHOAL_CHECK_OK);
    CHECK(log.check("took 101 ms\n").status == SHOAL_CHECK_WARNING);
    const auto verdict = log.check("took 101 ms\ntook 501 ms\n");
    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text ==
          "2 lines over the warning level, 1 line over the critical level found by "
          "\"took (\\S+) ms\" in " +
              log.folder.file("app.log"));
  }

  TEST_CASE("shows no pattern and few, short lines") {
    Watched log({{"suppress_pattern", true}, {"return_lines", true}});
    std::string text;
    for (int i = 0; i < 60; ++i) text += "ERROR " + std::string(2000, 'x') + "\n";

    const auto verdict = log.check(text);

    CHECK(verdict.text.starts_with("60 lines in " + log.folder.file("app.log") + "\nERROR xxx"));
    CHECK(verdict.text.size() < 60'000);
  }

  TEST_CASE("judges a recorded log from its beginning on request") {
    PluginFixture plugin({{"file", std::string(TESTDATA "/auth.log")},
                          {"patterns", Texts{"Failed password for (?:invalid user )?(\\S+)"}},
                          {"exclude_patterns", Texts{"from 192\\.0\\.2\\."}},
                          {"warning", std::string("1")},
                          {"critical", std::string("10")},
                          {"check_first", true}});

    CHECK(plugin.check().status == SHOAL_CHECK_WARNING);
    CHECK(plugin.emitted.at("log.probe_1.matches") == 2);
  }

  TEST_CASE("loses nothing over a clean restart, and says nothing twice") {
    Watched log;
    log.check("ERROR one\n");

    log.restart(true);
    CHECK(log.check("ERROR two\nERROR three\n").text.starts_with("2 lines"));
  }

  TEST_CASE("loses nothing when it is killed, and says the last round once more") {
    Watched log;
    log.check("ERROR one\n");
    log.check("ERROR two\n");

    log.restart(false);
    CHECK(log.check("ERROR three\n").text.starts_with("2 lines"));
    CHECK(log.check("").status == SHOAL_CHECK_OK);
  }

  TEST_CASE("remembers where it began when it is killed after its first round") {
    Watched log;

    log.restart(false);
    CHECK(log.check("ERROR one\n").text.starts_with("1 line "));
  }

  TEST_CASE("reads a file that comes later from its beginning") {
    Watched log;
    std::filesystem::remove(log.folder.path() / "app.log");
    log.plugin->check();

    CHECK(log.check("ERROR first\n").status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("is what the options say without a file, or worse for what was found") {
    Watched log;
    log.append("ERROR last\n");
    std::filesystem::rename(log.folder.path() / "app.log", log.folder.path() / "app.log.1");

    const auto found = log.plugin->check();
    const auto missing = log.plugin->check();

    CHECK(found.status == SHOAL_CHECK_CRITICAL);
    CHECK(missing.status == SHOAL_CHECK_UNKNOWN);
    CHECK(missing.text == "0 lines found by \"ERROR\" in " + log.folder.file("app.log") +
                              "; there is no such file");
    PluginFixture fine({{"file", std::string("/nonexistent/*.log")},
                        {"patterns", Texts{"x"}},
                        {"missing", std::string("ok")}});
    CHECK(fine.check().status == SHOAL_CHECK_OK);
  }

  TEST_CASE("is UNKNOWN for what it cannot read") {
    PluginFixture folder({{"file", std::string("/proc")}, {"patterns", Texts{"x"}}});
    PluginFixture gone({{"directory", std::string("/nonexistent")},
                        {"file_pattern", std::string("x")},
                        {"patterns", Texts{"x"}}});

    CHECK(folder.check().text == "0 lines found by \"x\" in /proc; /proc: is not a regular file");
    CHECK(folder.check().status == SHOAL_CHECK_UNKNOWN);
    CHECK(gone.check().status == SHOAL_CHECK_UNKNOWN);
    CHECK(gone.check().text.find("/nonexistent") != std::string::npos);
  }

  TEST_CASE("chooses files of a folder by their names") {
    const shoal::test::TemporaryDirectory folder;
    folder.write("app-1.log", "ERROR\n");
    folder.write("app-2.log", "ERROR\n");
    folder.write("other.log", "ERROR\n");
    PluginFixture plugin({{"directory", folder.path().string()},
                          {"file_pattern", std::string("^app-\\d+\\.log$")},
                          {"patterns", Texts{"ERROR"}},
                          {"check_first", true}});

    plugin.check();

    CHECK(plugin.emitted.at("log.probe_1.matches") == 2);
  }

  TEST_CASE("refuses options that cannot be meant") {
    CHECK(refusal_of({{"patterns", Texts{"x"}}}) == "options: expected either file or directory");
    CHECK(refusal_of({{"file", std::string("/x")}}) ==
          "option patterns: expected at least one regular expression");
    CHECK(refusal_of({{"directory", std::string("/x")}, {"patterns", Texts{"x"}}}) ==
          "options: expected directory and file_pattern together");
    CHECK(refusal_of({{"file", std::string("/x")}, {"patterns", Texts{"(x"}}}) ==
          "option patterns: expected a regular expression, found \"(x\": missing ): (x");
    CHECK(refusal_of({{"file", std::string("/x")},
                      {"patterns", Texts{"x"}},
                      {"warning_level", std::string("1")}}) ==
          "option patterns: expected a group \"(...)\" that holds the level");
  }
}
