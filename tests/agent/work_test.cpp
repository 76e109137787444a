#include "agent/work.h"

#include <fstream>

#include <doctest/doctest.h>

#include "plugin/plugin_house.h"

using namespace shoal;
using namespace shoal::agent;
using plugin::Kind;

namespace {

// The plugins of the tests under their names, and settings that use each once.
struct House : test::PluginHouse {
  House() {
    install(Kind::metric, TALKER, "talker");
    install(Kind::check, JUDGE, "judge");
    install(Kind::output, CARRIER, "carrier");
    settings.jobs = {{.kind = config::JobKind::metric,
                      .name = "words",
                      .where = {"shoal.conf", 3},
                      .plugin = "talker"},
                     {.kind = config::JobKind::check,
                      .name = "court",
                      .where = {"shoal.conf", 7},
                      .plugin = "judge"},
                     {.kind = config::JobKind::metric,
                      .name = "told",
                      .where = {"shoal.conf", 12},
                      .command = config::Command{.words = {"true"}}}};
    settings.outputs = {{.name = "post", .where = {"shoal.conf", 20}, .plugin = "carrier"}};
  }

  Work prepare(const Work& running = {}) { return prepare_work(settings, registry, running); }
  // The text of the ConfigError, and nothing if there is none.
  std::string fault() {
    try {
      prepare();
    } catch (const ConfigError& error) {
      return error.what();
    }
    return {};
  }

  config::Settings settings;
};

}  // namespace

TEST_SUITE("prepare_work") {
  TEST_CASE("makes what the settings name: plugins, commands and outputs") {
    House house;

    const Work work = house.prepare();

    REQUIRE(work.jobs.size() == 3);
    CHECK(work.jobs[0].plugin->id == "metric:words");
    CHECK(work.jobs[0].plugin->instance->kind() == Kind::metric);
    CHECK(work.jobs[0].command == nullptr);
    CHECK(work.jobs[1].plugin->instance->kind() == Kind::check);
    CHECK(work.jobs[2].plugin == nullptr);
    CHECK(work.jobs[2].command->id == "metric:told");
    REQUIRE(work.outputs.size() == 1);
    CHECK(work.outputs[0].manifest.id == "carrier");
    CHECK(work.outputs[0].instance->kind() == Kind::output);
  }

  TEST_CASE("takes over what has not changed, also when it has moved to another line") {
    House house;
    const Work running = house.prepare();
    for (auto& job : house.settings.jobs) job.where = {"conf.d/jobs.conf", job.where.line + 100};
    house.settings.outputs[0].where.line = 1;

    const Work work = house.prepare(running);

    CHECK(work.jobs[0].plugin == running.jobs[0].plugin);
    CHECK(work.jobs[1].plugin == running.jobs[1].plugin);
    CHECK(work.jobs[2].command == running.jobs[2].command);
    CHECK(work.outputs[0].instance == running.outputs[0].instance);
  }

  TEST_CASE("makes anew what is configured otherwise, and only that") {
    House house;
    const Work running = house.prepare();
    house.settings.jobs[0].options_json = R"({"say": "all"})";
    house.settings.jobs[2].command->words = {"false"};
    house.settings.outputs[0].match = {"sample:*"};

    const Work work = house.prepare(running);

    CHECK(work.jobs[0].plugin->instance != running.jobs[0].plugin->instance);
    CHECK(work.jobs[1].plugin == running.jobs[1].plugin);
    CHECK(work.jobs[2].command != running.jobs[2].command);
    CHECK(work.outputs[0].instance != running.outputs[0].instance);
  }

  TEST_CASE("makes anew what stands in a plugin file that has changed") {
    House house;
    const Work running = house.prepare();
    const auto file = house.registry.describe(Kind::check, "judge").file;
    std::ofstream(file, std::ios::app) << "x";

    const Work work = house.prepare(running);

    CHECK(work.jobs[0].plugin == running.jobs[0].plugin);
    CHECK(work.jobs[1].plugin->instance != running.jobs[1].plugin->instance);
  }

  TEST_CASE("names an option that is wrong by file, line and key") {
    House house;
    auto& job = house.settings.jobs[0];
    job.options_json = R"({"says": "x", "wait": 5})";
    job.option_lines = {{"/says", 5}};

    CHECK(house.fault() ==
          "shoal.conf:5: words.options.says: unknown option, did you mean \"say\"?\n"
          "shoal.conf:3: words.options.wait: expected a duration like \"30s\", got 5");
  }

  TEST_CASE("names all problems, not only the first") {
    House house;
    const auto root = house.directory.path().string();
    house.settings.jobs[0].plugin = "walker";
    house.settings.jobs[1].options_json = R"({"status": "bad"})";
    house.settings.outputs[0].options_json = R"({"url": "x"})";

    CHECK(house.fault() ==
          "shoal.conf:3: " + root + "/plugins/metric/walker.so, " + root +
              "/more/metric/walker.so: no such metric plugin, did you mean \"talker\"?\n"
              "shoal.conf:7: court.options.status: expected an integer, got \"bad\"\n"
              "shoal.conf:20: post.options.url: unknown option; this plugin has none");
  }

  TEST_CASE("says where the plugin stands that refuses to be made") {
    House house;
    house.settings.jobs[0].options_json = R"({"say": "refuse"})";
    const auto file = house.registry.describe(Kind::metric, "talker").file;

    CHECK(house.fault() == "shoal.conf:3: " + file + ": say: expected something else");
  }
}

TEST_SUITE("plugin_faults") {
  TEST_CASE("finds nothing wrong with what is right, and leaves commands alone") {
    House house;

    CHECK(plugin_faults(house.settings, house.registry).empty());
  }

  TEST_CASE("names options and what the dynamic linker misses, without loading anything") {
    House house;
    const auto file =
        house.install(Kind::metric, std::string(FIXTURES) + "/unresolved.so", "unresolved");
    house.settings.jobs[0].plugin = "unresolved";
    house.settings.jobs[1].options_json = R"({"status": "bad"})";

    CHECK(
        plugin_faults(house.settings, house.registry) ==
        std::vector<std::string>{
            "shoal.conf:3: " + file + ": uses the symbol no_such_function, which nothing provides",
            "shoal.conf:7: court.options.status: expected an integer, got \"bad\""});
    CHECK_FALSE(std::filesystem::exists(house.directory.path() / "copies"));
  }
}
