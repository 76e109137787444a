#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "support/plugin_fixture.h"
#include "support/temporary_directory.h"
#include "tree.h"

using shoal::file_size::Extent;
using shoal::file_size::measure;
using shoal::file_size::SizedFile;
using shoal::test::PluginFixture;
using shoal::test::TemporaryDirectory;
using OptionMap = PluginFixture::OptionMap;

namespace {

const std::string logs = TESTDATA "/logs";

bool always() {
  return true;
}

// A file of more bytes is bad.
Extent extent(std::int64_t depth, std::uint64_t limit = 0) {
  return {depth, [limit](std::uint64_t bytes) { return bytes > limit ? 1 : 0; }};
}

std::vector<std::string> names_of(const std::vector<SizedFile>& files) {
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.path);
  return names;
}

std::string path_of(const TemporaryDirectory& folder) {
  return folder.path().string();
}

OptionMap options_for(const std::string& directory, const std::string& warning,
                      const std::string& critical) {
  return {{"directory", directory}, {"warning", warning}, {"critical", critical}};
}

shoal::CheckVerdict verdict_on_logs(const std::string& warning, const std::string& critical,
                                    std::int64_t depth = 1) {
  auto options = options_for(logs, warning, critical);
  options["depth"] = depth;
  PluginFixture plugin(options);
  return plugin.check();
}

}  // namespace

TEST_SUITE("tree of files") {
  TEST_CASE("is as deep as wanted") {
    const TemporaryDirectory folder;
    folder.write("one", "1");
    folder.write("a/two", "22");
    folder.write("a/b/three", "333");

    CHECK(names_of(measure(path_of(folder), extent(1), always).bad) ==
          std::vector<std::string>{"one"});
    CHECK(measure(path_of(folder), extent(2), always).files == 2);
    const auto whole = measure(path_of(folder), extent(64, 1), always);
    CHECK(whole.largest.path == "a/b/three");
    CHECK(names_of(whole.bad) == std::vector<std::string>{"a/b/three", "a/two"});
    CHECK(whole.bad_files == 2);
    CHECK(whole.total_bytes == 6);
    CHECK(whole.is_whole());
  }

  TEST_CASE("follows no links, but the directory may be one") {
    const TemporaryDirectory folder;
    folder.write("real/file", "12345");
    std::filesystem::create_directory_symlink(".", folder.path() / "real/loop");
    std::filesystem::create_symlink("file", folder.path() / "real/alias");
    std::filesystem::create_symlink("nowhere", folder.path() / "real/dangling");
    std::filesystem::create_directory_symlink("real", folder.path() / "link");

    const auto tree = measure(folder.file("link"), extent(64), always);

    CHECK(tree.files == 1);
    CHECK(names_of(tree.bad) == std::vector<std::string>{"file"});
    CHECK(tree.is_whole());
  }

  TEST_CASE("counts all and names ten") {
    const TemporaryDirectory folder;
    for (int i = 1; i <= 25; ++i) folder.write(std::to_string(i), std::string(i, 'x'));

    const auto tree = measure(path_of(folder), extent(1, 5), always);

    CHECK(tree.files == 25);
    CHECK(tree.bad_files == 20);
    REQUIRE(tree.bad.size() == 10);
    CHECK(tree.bad.front().path == "25");
    CHECK(tree.bad.back().path == "16");
  }

  TEST_CASE("names the worst before the largest") {
    const TemporaryDirectory folder;
    for (int i = 1; i <= 25; ++i) folder.write(std::to_string(i), std::string(i, 'x'));

    const auto tree = measure(path_of(folder),
                              {1, [](std::uint64_t bytes) { return bytes < 3 ? 2 : 1; }}, always);

    CHECK(tree.worst == 2);
    CHECK(tree.bad_files == 25);
    REQUIRE(tree.bad.size() == 10);
    CHECK(tree.bad[0].path == "2");
    CHECK(tree.bad[1].path == "1");
    CHECK(tree.bad[2].path == "25");
    CHECK(tree.largest.path == "25");
  }

  TEST_CASE("is left when it is time") {
    const TemporaryDirectory folder;
    for (int i = 0; i < 9; ++i) folder.write(std::to_string(i) + "/file", "x");
    int asked = 0;

    const auto tree = measure(path_of(folder), extent(2), [&] { return ++asked <= 6; });

    CHECK(tree.is_stopped);
    CHECK(asked == 7);
    CHECK(tree.files == 3);
    CHECK_FALSE(tree.is_whole());
  }

  TEST_CASE("has a directory at its top") {
    CHECK_THROWS_WITH(measure("/nonexistent", extent(1), always),
                      "/nonexistent: No such file or directory");
    const auto file = logs + "/app.log";
    CHECK_THROWS_WITH(measure(file, extent(1), always), (file + ": Not a directory").c_str());
  }
}

// The recorded files have 16, 1024 and 1500 bytes, and one of 1300 below.
TEST_SUITE("check file_size") {
  TEST_CASE("judges each file") {
    CHECK(verdict_on_logs("1500", "1500").status == SHOAL_CHECK_OK);
    CHECK(verdict_on_logs("1499", "1500").status == SHOAL_CHECK_WARNING);
    CHECK(verdict_on_logs("2000", "1499").status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict_on_logs("1499", "1499").status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("takes ranges of sizes") {
    const auto small = verdict_on_logs("1KiB:", "10B:");

    CHECK(small.status == SHOAL_CHECK_WARNING);
    CHECK(small.text.starts_with(logs + ": 1 of 3 files out of bounds\n"));
    CHECK(small.text.ends_with(": 16 B"));
    CHECK(verdict_on_logs("0:1MiB", "1kB:").status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict_on_logs("@2KiB:1MiB", "16:1500").status == SHOAL_CHECK_OK);
  }

  TEST_CASE("refuses a size that cannot be read") {
    PluginFixture plugin(options_for(logs, "1K", "1MiB"));

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option warning: expected a size like \"64MB\" or a range like \"1MiB:2MiB\", found "
          "\"1K\"");
  }

  TEST_CASE("names what is too large, the largest first") {
    CHECK(verdict_on_logs("1024", "4096", 2).text ==
          logs + ": 2 of 4 files out of bounds\nmeminfo.log: 1.5 KiB\nold/vmstat.log: 1.3 KiB");
    CHECK(verdict_on_logs("4096", "4096").text ==
          logs + ": 3 files; the largest is meminfo.log: 1.5 KiB");
  }

  TEST_CASE("draws the sizes") {
    PluginFixture plugin(options_for(logs, "4096", "4KiB"));

    plugin.check();

    CHECK(plugin.emitted == std::map<std::string, double>{{"file_size.probe_1.largest", 1500},
                                                          {"file_size.probe_1.total", 2540},
                                                          {"file_size.probe_1.files", 3}});
  }

  TEST_CASE("is OK where there are no files") {
    const TemporaryDirectory empty;
    PluginFixture plugin({{"directory", path_of(empty)}});

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text == path_of(empty) + ": 0 files");
    CHECK(plugin.emitted.at("file_size.probe_1.largest") == 0);
  }

  TEST_CASE("names a bounded number, and shows names that are no text") {
    const TemporaryDirectory folder;
    for (int i = 0; i < 12; ++i) folder.write("f" + std::to_string(i), "xx");
    folder.write("b\xc3\xa4r\n\xff", "xxx");
    PluginFixture plugin(options_for(path_of(folder), "1", "9"));

    const auto text = plugin.check().text;

    CHECK(text.find(": 13 of 13 files out of bounds\nb\xc3\xa4r??: 3 B\nf") != std::string::npos);
    CHECK(text.substr(text.rfind('\n')) == "\nand 3 more");
    CHECK(std::count(text.begin(), text.end(), '\n') == 11);
  }

  TEST_CASE("is UNKNOWN when no time is left, unless a file is known to be too large") {
    auto options = options_for(logs, "4096", "4KiB");
    options["timeout"] = std::int64_t{0};
    PluginFixture plugin(options);

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == logs + ": 0 files; gave up, no time is left to see the others");
    CHECK(plugin.emitted.empty());
  }

  TEST_CASE("is UNKNOWN when the directory cannot be read") {
    PluginFixture plugin({{"directory", std::string("/nonexistent")}});

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == "/nonexistent: No such file or directory");
  }
}
