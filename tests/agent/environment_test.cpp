#include "agent/environment.h"

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include <doctest/doctest.h>

using namespace shoal;

namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void set(const char* name, const std::optional<std::string>& value) {
  if (value) {
    ::setenv(name, value->c_str(), 1);
  } else {
    ::unsetenv(name);
  }
}

// The test's own environment comes back when it ends.
class Environment {
 public:
  Environment() {
    for (const char* name : {"PATH", "LANG", "LC_ALL", "HTTP_PROXY", "HTTPS_PROXY"}) {
      kept_[name] = variable(name);
    }
    set("HTTP_PROXY", {});
    set("HTTPS_PROXY", {});
  }
  ~Environment() {
    for (const auto& [name, value] : kept_) set(name, value);
  }

 private:
  std::map<const char*, std::optional<std::string>> kept_;
};

}  // namespace

TEST_SUITE("prepare_environment") {
  TEST_CASE("puts the system's directories before PATH and the plugins' behind it") {
    const Environment environment;
    set("PATH", "/home/ops/bin:/usr/local/bin");

    agent::prepare_environment({});

    CHECK(variable("PATH") ==
          "/sbin:/usr/sbin:/bin:/usr/bin:/home/ops/bin:/usr/local/bin:"
          "/opt/mackerel-agent/plugins/bin");
    CHECK(variable("LANG") == "C");
    CHECK(variable("LC_ALL") == "C");
  }

  TEST_CASE("never lets PATH mean the present directory when there was none") {
    const Environment environment;

    for (const auto& none : {std::optional<std::string>(), std::optional<std::string>("")}) {
      set("PATH", none);
      agent::prepare_environment({});
      CHECK(variable("PATH") == "/sbin:/usr/sbin:/bin:/usr/bin:/opt/mackerel-agent/plugins/bin");
    }
  }

  TEST_CASE("sets the proxies that the configuration says") {
    struct {
      std::string http, https;
      std::optional<std::string> http_variable, https_variable;
    } const table[] = {{"", "", {}, {}},
                       {"http://a", "", "http://a", "http://a"},
                       {"http://a", "http://b", "http://a", "http://b"},
                       {"http://a", "direct", "http://a", {}},
                       {"direct", "", {}, {}}};
    for (const auto& row : table) {
      const Environment environment;

      agent::prepare_environment({.http_proxy = row.http, .https_proxy = row.https});

      CHECK(variable("HTTP_PROXY") == row.http_variable);
      CHECK(variable("HTTPS_PROXY") == row.https_variable);
    }
  }
}
