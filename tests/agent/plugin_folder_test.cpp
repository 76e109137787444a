#include "agent/plugin_folder.h"

#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "base/error.h"
#include "support/temporary_directory.h"

using shoal::agent::fill_templates;
using shoal::agent::NewFile;
using shoal::agent::Words;
using shoal::agent::write_folder;

namespace fs = std::filesystem;

namespace {

class Templates {
 public:
  Templates() {
    write("any/any/README.md", "a @KIND@ of a.b@c.d: @NAME@@NAME@");
    write("any/metric+check/testdata/loads", "1 2 3");
    write("c/any/Makefile", "@NAME@.so:");
    write("c/metric/plugin.c", "@@NAME@");
    write("c/output/plugin.c", "not for a metric");
    write("go/any/main.go", "not for C");
  }

  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((root() / file).parent_path());
    std::ofstream(root() / file) << text;
  }
  std::vector<fs::path> of_c() const { return {root() / "any", root() / "c"}; }
  fs::path root() const { return directory_.file("templates"); }

 private:
  shoal::test::TemporaryDirectory directory_;
};

const Words words{{"NAME", "dice"}, {"KIND", "metric"}};

std::vector<std::string> paths_of(const std::vector<NewFile>& files) {
  std::vector<std::string> paths;
  for (const NewFile& file : files) paths.push_back(file.path.string());
  return paths;
}

}  // namespace

TEST_SUITE("plugin folder") {
  TEST_CASE("takes what is for the language and the kind") {
    const Templates templates;

    CHECK(paths_of(fill_templates(templates.of_c(), "metric", words)) ==
          std::vector<std::string>{"Makefile", "README.md", "plugin.c", "testdata/loads"});
  }

  TEST_CASE("puts words into text and into names, and leaves other at signs alone") {
    const Templates templates;
    templates.write("c/any/@NAME@.conf", "");

    const auto files = fill_templates(templates.of_c(), "metric", words);

    CHECK(files[1].text == "a metric of a.b@c.d: dicedice");
    CHECK(files[2].path == "dice.conf");
    CHECK(files[3].text == "@dice");
  }

  TEST_CASE("refuses a word without a value") {
    const Templates templates;
    templates.write("c/any/x.c", "@NAEM@");

    CHECK_THROWS_WITH_AS(fill_templates(templates.of_c(), "metric", words),
                         ((templates.root() / "c/any/x.c").string() + ": unknown @NAEM@").c_str(),
                         shoal::Error);
  }

  TEST_CASE("keeps a program a program") {
    const Templates templates;
    fs::permissions(templates.root() / "c/any/Makefile", fs::perms::owner_exec,
                    fs::perm_options::add);
    const fs::path folder = templates.root().parent_path() / "dice";

    write_folder(folder, fill_templates(templates.of_c(), "metric", words));

    const auto is_program = [&](const char* file) {
      return (fs::status(folder / file).permissions() & fs::perms::owner_exec) != fs::perms::none;
    };
    CHECK(is_program("Makefile"));
    CHECK_FALSE(is_program("plugin.c"));
  }

  TEST_CASE("overwrites nothing") {
    const Templates templates;
    const fs::path taken = templates.root() / "any";

    CHECK_THROWS_WITH_AS(write_folder(taken, {{"a", "text"}}),
                         (taken.string() + ": exists; --dir names another folder").c_str(),
                         shoal::Error);
    CHECK_FALSE(fs::exists(taken / "a"));
  }
}
