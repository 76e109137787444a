// Where the apikey comes from, and the output that it makes.
#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include "config/findings.h"
#include "support/temporary_directory.h"

using namespace shoal::test;
using shoal::config::read;
using shoal::config::read_text;
using std::filesystem::perms;

namespace {

// Sets a variable of the environment for the life of a test.
class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const char* value) : name_(name) {
    ::setenv(name, value, 1);
  }
  ~EnvironmentVariable() { ::unsetenv(name_); }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  const char* name_;
};

std::string mackerel_options(const std::string& text) {
  const auto settings = read_text(text, "t.conf").settings;
  const auto* mackerel = output(settings, "mackerel");
  return mackerel ? mackerel->options_json : "none";
}

}  // namespace

TEST_SUITE("apikey") {
  TEST_CASE("need not be there") {
    CHECK(mackerel_options("") == "none");
    CHECK(mackerel_options("apikey = ''") == "none");
    CHECK(errors_in("") == "");
  }

  TEST_CASE("may come from the environment when no file names one") {
    const EnvironmentVariable variable("MACKEREL_APIKEY", "env");

    CHECK(mackerel_options("") == R"({"apikey":"env"})");
    CHECK(mackerel_options("apikey = ''") == R"({"apikey":"env"})");
    CHECK(mackerel_options("apikey = 'file'") == R"({"apikey":"file"})");
  }

  TEST_CASE("may stand in a file of its own, without its line end") {
    const TemporaryDirectory directory;
    directory.write("key", "secret\r\n");
    std::filesystem::permissions(directory.file("key"), perms::owner_read);

    CHECK(mackerel_options("apikey_file = '" + directory.file("key") + "'") ==
          R"({"apikey":"secret"})");
  }

  TEST_CASE("is missed when its file has none") {
    const TemporaryDirectory directory;
    directory.write("key", "\n");

    CHECK(errors_in("apikey_file = '" + directory.file("key") + "'") ==
          "t.conf:1: apikey_file: expected a file with the secret, " + directory.file("key") +
              " is empty\n");
    CHECK(errors_in("apikey_file = '/nowhere/key'") ==
          "t.conf:1: apikey_file: expected a file with the secret, /nowhere/key cannot be read: No "
          "such file or directory\n");
  }

  TEST_CASE("is given once") {
    CHECK(errors_in("apikey = 'a'\napikey_file = 'b'\n") ==
          "t.conf:2: apikey_file: give either this or apikey\n");
  }

  TEST_CASE("is better not read by every user of the host") {
    const TemporaryDirectory directory;
    directory.write("m.conf", "apikey = 'secret'\n");
    const std::string file = directory.file("m.conf");
    const auto readable = perms::owner_read | perms::group_read;

    std::filesystem::permissions(file, readable | perms::others_read);
    const auto open = read(file);
    std::filesystem::permissions(file, readable);
    const auto closed = read(file);

    CHECK(joined(warning_lines(open)) ==
          file + ": holds the apikey and can be read by every user; cure: chmod o-rwx " + file +
              "\n");
    CHECK(open.settings.warnings[0].is_advice);
    CHECK(joined(warning_lines(closed)) == "");
  }

  TEST_CASE("goes through the proxy that its scheme has") {
    const std::string key = "apikey = 'k'\n";
    const auto with = [](const char* proxy) {
      return std::string(R"({"apikey":"k","proxy":")") + proxy + "\"}";
    };

    CHECK(mackerel_options(key + "http_proxy = 'p'") == with("p"));
    CHECK(mackerel_options(key + "http_proxy = 'p'\nhttps_proxy = 's'") == with("s"));
    CHECK(mackerel_options(key + "http_proxy = 'p'\nhttps_proxy = 'direct'") == with("direct"));
    CHECK(mackerel_options(key + "http_proxy = 'direct'") == with("direct"));
    CHECK(mackerel_options(key + "apibase = 'http://b'\nhttp_proxy = 'p'\nhttps_proxy = 's'") ==
          R"({"apikey":"k","apibase":"http://b","proxy":"p"})");
  }

  TEST_CASE("leaves out roles that Mackerel would refuse, and names them") {
    const std::string text =
        "apikey = 'k'\nroles = ['a:b', 'a', '-a:b', 'a:  b', 'a:b c', 'a:b\\n']";

    CHECK(mackerel_options(text) == R"({"apikey":"k","roles":["a:b","a:  b"]})");
    CHECK(warnings_in("apikey = 'k'\nroles = ['a:b', 'no']\n") ==
          "t.conf:2: roles: expected \"service:role\", got \"no\"; left out\n");
  }
}
