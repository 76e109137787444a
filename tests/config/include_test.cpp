#include "config/include.h"

#include <doctest/doctest.h>

#include "config/findings.h"
#include "support/temporary_directory.h"

using namespace shoal::test;
using shoal::config::default_include;
using shoal::config::expand_include;
using shoal::config::Overrides;
using shoal::config::read;

namespace {

// A main file that includes conf.d/*.conf beside it, and the name to read it by.
std::string write_main(const TemporaryDirectory& directory, const std::string& text) {
  directory.write("m.conf", "include = '" + directory.file("conf.d/*.conf") + "'\n" + text);
  return directory.file("m.conf");
}

// The lines with the directory's changing name cut off.
std::string without(const TemporaryDirectory& directory, std::string text) {
  const std::string prefix = directory.path().string() + "/";
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
    text.erase(at, prefix.size());
  }
  return text;
}

Lines names_in(const TemporaryDirectory& directory, const std::string& pattern) {
  Lines names;
  for (const auto& file : expand_include(directory.file(pattern)).files) {
    names.push_back(without(directory, file));
  }
  return names;
}

}  // namespace

TEST_SUITE("include") {
  TEST_CASE("merges tables key by key and replaces sections whole") {
    const TemporaryDirectory directory;
    const auto main_file = write_main(directory, R"(
      apikey = "dummykey"
      [host_status]
      on_start = "maintenance"
      on_stop = "poweroff"
      [plugin.checks.ok]
      command = "old"
      memo = "old memo"
      env = { OLD = "1" }
    )");
    directory.write("conf.d/10-x.conf", R"(
      apikey = "fromincl"
      [host_status]
      on_stop = "standby"
      [plugin.checks.ok]
      command = "new"
    )");

    const auto result = read(main_file);

    CHECK(joined(error_lines(result)) == "");
    const auto& settings = result.settings;
    CHECK(output(settings, "mackerel")->options_json ==
          R"({"apikey":"fromincl","host_status_on_start":"maintenance",)"
          R"("host_status_on_stop":"standby"})");
    CHECK(settings.host_status_on_start == "maintenance");
    CHECK(settings.host_status_on_stop == "standby");
    CHECK(job(settings, "check:ok")->command->shell == "new");
    CHECK(job(settings, "check:ok")->memo == "");
    CHECK(job(settings, "check:ok")->env.empty());
  }

  TEST_CASE("replaces arrays, and lets the last file win") {
    const TemporaryDirectory directory;
    const auto main_file = write_main(directory, "apikey = 'k'\nroles = ['a:main', 'b:main']\n");
    directory.write("conf.d/a.conf", "roles = ['a:a']\nroot = '/a'\n[disks]\nignore = 'a'\n");
    directory.write("conf.d/b.conf", "root = '/b'\n[disks]\nignore = ''\n");

    const auto settings = read(main_file).settings;

    CHECK(settings.root == "/b");
    CHECK(output(settings, "mackerel")->options_json == R"({"apikey":"k","roles":["a:a"]})");
    CHECK(job(settings, "host:disk")->options_json == "{}");
  }

  TEST_CASE("yields to the command line") {
    const TemporaryDirectory directory;
    const auto main_file = write_main(directory, "root = '/main'\n");
    directory.write("conf.d/a.conf", "root = '/a'\n");

    CHECK(read(main_file, {.root = "/flag"}).settings.root == "/flag");
  }

  TEST_CASE("goes one level deep") {
    const TemporaryDirectory directory;
    const auto main_file = write_main(directory, "");
    directory.write("conf.d/a.conf", "include = '" + directory.file("deep.conf") + "'\n");
    directory.write("deep.conf", "root = '/deep'\n");

    const auto result = read(main_file);

    CHECK(result.settings.root == "/var/lib/shoal");
    CHECK(without(directory, joined(warning_lines(result))) ==
          "conf.d/a.conf:1: include: no effect in an included file\n");
  }

  TEST_CASE("names the problems of every file, also beside one that is not TOML") {
    const TemporaryDirectory directory;
    const auto main_file = write_main(directory, "verbose = 1\n");
    directory.write("conf.d/a.conf", "roles = 1\n");
    directory.write("conf.d/b.conf", "\n= broken\n");
    directory.write("conf.d/c.conf", "[plugin.metrics.x]\ninterval = 'soon'\ncommand = 'x'\n");

    const auto lines = error_lines(read(main_file));

    REQUIRE(lines.size() == 4);
    CHECK(without(directory, lines[0]) == "m.conf:2: verbose: expected a boolean, got an integer");
    CHECK(without(directory, lines[1]) ==
          "conf.d/a.conf:1: roles: expected an array of strings, got an integer");
    CHECK(without(directory, lines[2]).starts_with("conf.d/b.conf:2: not valid TOML: "));
    CHECK(without(directory, lines[3]) ==
          "conf.d/c.conf:2: plugin.metrics.x.interval: expected a duration like \"30s\", got "
          "\"soon\"");
  }

  TEST_CASE("is content when nothing matches") {
    const TemporaryDirectory directory;

    CHECK(joined(error_lines(read(write_main(directory, "")))) == "");
  }

  TEST_CASE("refuses a malformed pattern") {
    CHECK(errors_in("include = 3") == "t.conf:1: include: expected a string, got an integer\n");
    const TemporaryDirectory directory;
    directory.write("m.conf", "\ninclude = '/etc/[a.conf'\n");

    CHECK(without(directory, joined(error_lines(read(directory.file("m.conf"))))) ==
          "m.conf:2: include: expected a pattern of file names, \"/etc/[a.conf\" has an open [ or "
          "\\\n");
  }

  TEST_CASE("refuses a directory that it names") {
    const TemporaryDirectory directory;
    const auto main_file = write_main(directory, "");
    directory.write("conf.d/a.conf/x", "");

    CHECK(without(directory, joined(error_lines(read(main_file)))) ==
          "conf.d/a.conf: cannot be read: Is a directory\n");
  }

  TEST_CASE("is conf.d beside a main file named shoal.conf unless it says otherwise") {
    CHECK(default_include("/etc/shoal/shoal.conf") == "/etc/shoal/conf.d/*.conf");
    CHECK(default_include("shoal.conf") == "conf.d/*.conf");
    CHECK(default_include("/etc/mackerel-agent/mackerel-agent.conf") == "");
    const TemporaryDirectory directory;
    directory.write("conf.d/a.conf", "root = '/a'\n");
    directory.write("shoal.conf", "");
    CHECK(read(directory.file("shoal.conf")).settings.root == "/a");

    directory.write("shoal.conf", "include = ''\n");
    CHECK(read(directory.file("shoal.conf")).settings.root == "/var/lib/shoal");
  }
}

TEST_SUITE("include pattern") {
  TEST_CASE("gives files in lexical order, directory by directory") {
    const TemporaryDirectory directory;
    for (const char* file : {"a-b/x.conf", "a/y.conf", "a/x.conf", "a/Z.conf", "a/x.txt"}) {
      directory.write(file, "");
    }

    CHECK(names_in(directory, "*/*.conf") ==
          Lines{"a/Z.conf", "a/x.conf", "a/y.conf", "a-b/x.conf"});
  }

  TEST_CASE("takes what Go takes") {
    const TemporaryDirectory directory;
    for (const char* file : {".hidden.conf", "a.conf", "b.conf", "[.conf"}) {
      directory.write(file, "");
    }

    CHECK(names_in(directory, "*.conf") == Lines{".hidden.conf", "[.conf", "a.conf", "b.conf"});
    CHECK(names_in(directory, "[^b.]*.conf") == Lines{"[.conf", "a.conf"});
    CHECK(names_in(directory, "?.conf") == Lines{"[.conf", "a.conf", "b.conf"});
    CHECK(names_in(directory, "\\[.conf") == Lines{"[.conf"});
    CHECK(names_in(directory, "{a,b}.conf") == Lines{});
    CHECK(names_in(directory, "a.conf") == Lines{"a.conf"});
  }

  TEST_CASE("is malformed with an open class or a lone backslash") {
    for (const char* pattern : {"[", "a[b", "[]", "[]a]", "[^]", "[a\\]", "a\\"}) {
      CAPTURE(pattern);
      CHECK_FALSE(expand_include(pattern).fault.empty());
    }
    for (const char* pattern : {"", "a]", "[a]", "[^a]", "[\\]]", "\\[", "[a-z]*"}) {
      CAPTURE(pattern);
      CHECK(expand_include(pattern).fault.empty());
    }
  }
}
