#include "plugin/registry.h"

#include <fstream>
#include <iterator>
#include <set>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "plugin_house.h"

using namespace shoal;
using namespace shoal::plugin;
using shoal::test::plugin_fault;
using namespace std::literals;

namespace {

std::string broken(const std::string& way) {
  return std::string(FIXTURES) + "/" + way + ".so";
}

// What the registry says of a plugin that is broken in this way, without the file in front.
std::string fault_of(const std::string& way) {
  const test::PluginHouse house;
  const auto file = house.install(Kind::metric, broken(way), way);
  const auto fault =
      plugin_fault([&] { house.registry.create(Kind::metric, way, {.job = "metric:broken"}); });
  return fault.starts_with(file + ": ") ? fault.substr(file.size() + 2) : fault;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Makes content of it that no earlier test has loaded; what stands behind an ELF file's end is
// nobody's.
void make_unique(const std::string& file) {
  static int count = 0;
  std::ofstream(file, std::ios::app) << std::string(++count, 'x');
}

}  // namespace

TEST_SUITE("Registry") {
  TEST_CASE("describes a plugin by name and by path without running it") {
    const test::PluginHouse house;
    const auto file = house.install(Kind::check, JUDGE, "judge");

    CHECK(house.registry.describe(Kind::check, "judge").file == file);
    CHECK(house.registry.describe(Kind::check, file).manifest.id == "judge");
    CHECK(house.registry.describe(file).manifest.kind == Kind::check);
    CHECK_FALSE(std::filesystem::exists(house.directory.path() / "copies"));
  }

  TEST_CASE("says where it looked and what may have been meant") {
    const test::PluginHouse house;
    house.install(Kind::check, JUDGE, "judge");
    const auto root = house.directory.path().string();

    CHECK(plugin_fault([&] { house.registry.describe(Kind::check, "juge"); }) ==
          root + "/plugins/check/juge.so, " + root +
              "/more/check/juge.so: no such check plugin, did you mean \"judge\"?");
    CHECK(plugin_fault([&] { house.registry.describe(Kind::metric, "judge"); }) ==
          root + "/plugins/metric/judge.so, " + root +
              "/more/metric/judge.so: no such metric plugin");
  }

  TEST_CASE("knows a plugin of another kind") {
    const test::PluginHouse house;
    const auto file = house.install(Kind::metric, JUDGE, "judge");

    CHECK(plugin_fault([&] { house.registry.describe(Kind::metric, "judge"); }) ==
          file + ": is a plugin of kind check, not metric");
  }

  TEST_CASE("lists what is installed, with the fault of what cannot be used") {
    const test::PluginHouse house;
    house.install(Kind::output, CARRIER, "carrier");
    house.install(Kind::metric, TALKER, "talker");
    house.directory.write("plugins/metric/empty.so", "");
    house.directory.write("plugins/metric/README", "not a plugin");

    const auto all = house.registry.list();

    REQUIRE(all.size() == 3);
    CHECK(all[0].fault == "is empty");
    CHECK_FALSE(all[0].manifest);
    CHECK(all[1].manifest->id == "talker");
    CHECK(all[2].manifest->id == "carrier");
  }

  TEST_CASE("refuses options before it loads anything, naming every fault") {
    const test::PluginHouse house;
    const auto file = house.install(Kind::metric, TALKER, "talker");

    CHECK(plugin_fault([&] {
            house.registry.create(
                Kind::metric, "talker",
                {.job = "metric:talker", .options_json = R"({"says": "x", "wait": 5})"});
          }) == file +
                    ": options: /says: unknown option, did you mean \"say\"?; /wait: expected a "
                    "duration like \"30s\", got 5");
    CHECK_FALSE(std::filesystem::exists(house.directory.path() / "copies"));
  }

  TEST_CASE("loads from a private copy that is ours alone") {
    const test::PluginHouse house;
    const auto file = house.install(Kind::check, JUDGE, "judge");
    const auto copies = house.directory.path() / "copies";

    make_unique(file);
    house.registry.create(Kind::check, "judge", {.job = "check:a"});

    struct stat status = {};
    REQUIRE(stat(copies.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
    CHECK(read_file(copies / (sha256_hex(read_file(file)) + ".so")) == read_file(file));
    CHECK(std::distance(std::filesystem::directory_iterator(copies), {}) == 1);
  }

  TEST_CASE("makes a damaged private copy anew") {
    const test::PluginHouse house;
    const auto file = house.install(Kind::check, JUDGE, "judge");
    make_unique(file);
    const auto copy = "copies/" + sha256_hex(read_file(file)) + ".so";
    house.directory.write(copy, read_file(file).substr(0, 5000));
    std::filesystem::permissions(house.directory.path() / "copies", std::filesystem::perms(0700));

    house.registry.create(Kind::check, "judge", {.job = "check:a"});

    CHECK(read_file(house.directory.path() / copy) == read_file(file));
  }

  TEST_CASE("removes its own copies after a month, and nobody else's files") {
    const test::PluginHouse house;
    const auto copies = house.directory.path() / "copies";
    const std::string hash(64, 'a');
    for (const auto& name : {hash + ".so", hash + ".so.17.draft", hash + ".txt", "mine.so"s}) {
      house.directory.write("copies/" + name, "x");
      std::filesystem::last_write_time(copies / name,
                                       std::filesystem::file_time_type::clock::now() - 24h * 31);
    }
    house.directory.write("copies/" + std::string(64, 'b') + ".so", "x");

    const Registry started_later({.plugin_dirs = {}, .copy_dir = copies.string()}, house.services);

    std::set<std::string> left;
    for (const auto& entry : std::filesystem::directory_iterator(copies)) {
      left.insert(entry.path().filename().string());
    }
    CHECK(left == std::set{hash + ".txt", "mine.so"s, std::string(64, 'b') + ".so"});
  }

  TEST_CASE("does not load from a directory that others can write") {
    const test::PluginHouse house;
    const auto file = house.install(Kind::check, JUDGE, "judge");
    const auto copies = house.directory.file("copies");
    make_unique(file);
    std::filesystem::create_directory(copies);
    std::filesystem::permissions(copies, std::filesystem::perms(0777));

    CHECK(plugin_fault([&] { house.registry.create(Kind::check, "judge", {.job = "check:a"}); }) ==
          file + ": cannot be copied before it is loaded: " + copies +
              " is not ours alone; remove it");
  }

  TEST_CASE("makes many instances of one plugin") {
    test::PluginHouse house;
    house.install(Kind::metric, TALKER, "talker");
    const auto one = house.registry.create(Kind::metric, "talker", {.job = "metric:one"});
    const auto two = house.registry.create(
        Kind::metric, "talker", {.job = "metric:two", .options_json = R"({"say": "all"})"});

    CHECK(house.round(*one).records.size() == 1);
    CHECK(house.round(*two).records.size() == 2);
    CHECK(house.round(*two).records.size() == 3);
    CHECK(house.round(*one).records.size() == 1);
  }

  TEST_CASE("says in one sentence what is wrong with a plugin") {
    const std::pair<std::string, std::string_view> table[] = {
        {"no_module", "its shoal_module_v1() returns no plugin"},
        {"no_plugin", "its shoal_module_v1() returns no plugin"},
        {"other_major", "its tables are of ABI 9, this agent speaks 1"},
        {"two_kinds", "its manifest says metric, its tables do not say just that"},
        {"other_kind", "its manifest says metric, its tables do not say just that"},
        {"short_table", "its plugin table is too short"},
        {"no_create", "its plugin table lacks create() or destroy()"},
        {"no_collect", "its manifest says metric, its tables do not say just that"},
        {"no_instance", "its create() made no instance"},
        {"old_manifest", "built for ABI 9, this agent speaks 1; rebuild it"},
        {"needs_poems", "needs shoal.poem/1, which this agent does not offer"},
        {"unresolved", "uses the symbol no_such_function, which nothing provides"}};
    for (const auto& [way, fault] : table) CHECK(fault_of(way) == fault);
  }

  TEST_CASE("asks the dynamic linker about a file that is only described") {
    const test::PluginHouse house;
    const auto file = house.install(Kind::metric, broken("unresolved"), "unresolved");
    const auto description = house.registry.describe(Kind::metric, "unresolved");

    CHECK(plugin_fault([&] { house.registry.check_linkage(description); }) ==
          file + ": uses the symbol no_such_function, which nothing provides");
  }

  TEST_CASE("refuses a plugin cut at any 512th byte") {
    const test::PluginHouse house;
    const auto file = house.install(Kind::metric, EXAMPLE_LOAD, "load");
    const auto size = std::filesystem::file_size(file);

    for (std::uintmax_t cut = (size - 1) / 512 * 512; cut > 0; cut -= 512) {
      std::filesystem::resize_file(file, cut);
      const auto fault = plugin_fault(
          [&] { house.registry.create(Kind::metric, "load", {.job = "metric:load"}); });
      CHECK(fault.starts_with(file + ": is truncated: needs "));
    }
  }
}
