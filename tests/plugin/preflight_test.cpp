#include "plugin/preflight.h"

#include <filesystem>
#include <functional>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include "base/error.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::plugin;

namespace {

struct Directory {
  test::TemporaryDirectory directory;
  std::string file = directory.file("load.so");

  Directory() {
    std::filesystem::copy_file(EXAMPLE_LOAD, file);
    set_mode(file, 0644);
  }
  static void set_mode(const std::string& path, mode_t mode) { chmod(path.c_str(), mode); }
};

std::string fault_from(const std::function<void()>& act) {
  try {
    act();
  } catch (const PluginError& error) {
    return error.what();
  }
  return {};
}

std::string fault_of(const std::string& file) {
  return fault_from([&] { examine(file); });
}

}  // namespace

TEST_SUITE("preflight") {
  TEST_CASE("reads the manifest of a good plugin") {
    const Directory given;

    const auto examined = examine(given.file);

    CHECK(examined.manifest.id == "example_load");
    CHECK(examined.manifest.kind == Kind::metric);
    CHECK(examined.bytes.size() == std::filesystem::file_size(given.file));
  }

  TEST_CASE("names what stands in the plugin's place") {
    const Directory given;
    const auto at = [&](const char* name) { return given.directory.file(name); };
    std::filesystem::create_directory(at("folder.so"));
    std::filesystem::create_symlink("/nonexistent/p.so", at("link.so"));
    given.directory.write("empty.so", "");
    given.directory.write("script.so", "#!/bin/sh\n");
    mkfifo(at("pipe.so").c_str(), 0600);

    CHECK(fault_of(at("none.so")) == at("none.so") + ": does not exist");
    CHECK(fault_of(at("folder.so")) == at("folder.so") + ": is a directory");
    CHECK(fault_of(at("link.so")) ==
          at("link.so") + ": is a link to /nonexistent/p.so, which does not exist");
    CHECK(fault_of(at("empty.so")) == at("empty.so") + ": is empty");
    CHECK(fault_of(at("pipe.so")) == at("pipe.so") + ": is not a regular file");
    CHECK(fault_of(at("script.so")) ==
          at("script.so") + ": is a script; run it as a command instead");
  }

  TEST_CASE("refuses a huge file without reading it") {
    const Directory given;
    truncate(given.file.c_str(), off_t{300} << 20);

    CHECK(fault_of(given.file) ==
          given.file + ": has 314572800 bytes, more than the 268435456 a plugin may have");
  }

  TEST_CASE("refuses what others can write, and names the cure") {
    const Directory given;
    const auto folder = given.directory.path().string();

    Directory::set_mode(given.file, 0664);
    CHECK(fault_of(given.file) == fmt::format("{0}: refused: the file is writable by its group; "
                                              "chmod go-w {0}",
                                              given.file));
    Directory::set_mode(given.file, 0646);
    CHECK(fault_of(given.file) == fmt::format("{0}: refused: the file is writable by everyone; "
                                              "chmod go-w {0}",
                                              given.file));
    Directory::set_mode(given.file, 0644);
    Directory::set_mode(folder, 0775);
    CHECK(fault_of(given.file) ==
          fmt::format("{}: refused: its directory is writable by its group; "
                      "chmod go-w {}",
                      given.file, folder));
  }

  TEST_CASE("looks at the directory a link leads to") {
    const Directory given;
    const test::TemporaryDirectory elsewhere;
    std::filesystem::create_symlink(given.file, elsewhere.file("load.so"));
    Directory::set_mode(given.directory.path(), 0777);

    CHECK(fault_of(elsewhere.file("load.so")) ==
          fmt::format("{}: refused: its directory is writable by everyone; chmod go-w {}",
                      elsewhere.file("load.so"), given.directory.path().string()));
  }

  TEST_CASE("refuses what belongs to someone else") {
    const Directory given;
    // Whoever runs this test stands for the stranger; root is never one.
    if (getuid() == 0) chown(given.file.c_str(), 4711, 4711);
    const auto owner = getuid() == 0 ? 4711 : getuid();

    CHECK(fault_from([&] { check_trust(given.file, owner + 1); }) ==
          fmt::format("{0}: refused: the file belongs to user {1}, expected root or user {2}; "
                      "chown root {0}",
                      given.file, owner, owner + 1));
    CHECK(fault_from([&] { check_trust(given.file, owner); }).empty());
  }
}
