#include "connection_string.h"

#include <libpq-fe.h>
#include <memory>

#include <doctest/doctest.h>

using namespace shoal::postgresql;

namespace {

const Settings settings{"db.test",  "5432", "",        "monitor", "it's \\ secret",
                        "postgres", "auto", "/ca.pem", false};

using Parsed = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

Parsed parsed(const std::string& text) {
  char* fault = nullptr;
  Parsed all(PQconninfoParse(text.c_str(), &fault), &PQconninfoFree);
  REQUIRE_MESSAGE(all != nullptr, fault);
  return all;
}

std::string value_in(const std::string& text, std::string_view keyword) {
  const auto all = parsed(text);
  for (const auto* one = all.get(); one->keyword != nullptr; ++one) {
    if (one->keyword == keyword) return one->val == nullptr ? "unset" : one->val;
  }
  return "unknown";
}

}  // namespace

TEST_SUITE("connection_string") {
  TEST_CASE("leaves nothing to variables but the service, which the check refuses") {
    const auto all = parsed(connection_string(settings, "10.0.0.1", false));

    std::string left;
    for (const auto* one = all.get(); one->keyword != nullptr; ++one) {
      if (one->envvar != nullptr && one->val == nullptr) left += one->keyword + std::string(" ");
    }

    CHECK(left == "service ");
  }

  TEST_CASE("keeps every byte of a secret") {
    const auto text = connection_string(settings, "10.0.0.1", false);

    CHECK(value_in(text, "password") == settings.password);
  }

  TEST_CASE("verifies another host's certificate, and asks this host for TLS") {
    const auto other = connection_string(settings, "10.0.0.1", false);
    const auto own = connection_string(settings, "127.0.0.1", true);

    CHECK(value_in(other, "sslmode") == "verify-full");
    CHECK(value_in(other, "sslrootcert") == "/ca.pem");
    CHECK(value_in(other, "host") == "db.test");
    CHECK(value_in(other, "hostaddr") == "10.0.0.1");
    CHECK(value_in(own, "sslmode") == "prefer");
    CHECK(value_in(own, "sslrootcert") == "/dev/null/none");
    CHECK(value_in(own, "host") == "127.0.0.1");
  }

  TEST_CASE("does as sslmode says") {
    auto mode = settings;
    mode.sslmode = "verify-ca";
    CHECK(value_in(connection_string(mode, "127.0.0.1", true), "sslmode") == "verify-ca");
    CHECK(value_in(connection_string(mode, "127.0.0.1", true), "sslrootcert") == "/ca.pem");
  }

  TEST_CASE("verifies for sslmode require where a file of roots is given, as libpq does") {
    auto mode = settings;
    mode.sslmode = "require";
    CHECK_FALSE(is_verified(mode, false));
    CHECK(value_in(connection_string(mode, "10.0.0.1", false), "sslrootcert") == "/dev/null/none");

    mode.is_ca_given = true;

    CHECK(is_verified(mode, false));
    CHECK(value_in(connection_string(mode, "10.0.0.1", false), "sslmode") == "require");
    CHECK(value_in(connection_string(mode, "10.0.0.1", false), "sslrootcert") == "/ca.pem");
  }

  TEST_CASE("takes the file of a unix socket apart") {
    const auto parts = [](const char* socket) {
      const auto place = socket_place(socket, "5432");
      return place.directory + " " + place.port;
    };

    CHECK(parts("") == " 5432");
    CHECK(parts("/run/postgresql") == "/run/postgresql 5432");
    CHECK(parts("/run/postgresql/.s.PGSQL.5433") == "/run/postgresql 5433");
    CHECK(parts("/.s.PGSQL.5433") == "/ 5433");
    CHECK(parts("/run/.s.PGSQL.5433.lock") == "/run/.s.PGSQL.5433.lock 5432");
    CHECK(parts("/run/.s.PGSQL.") == "/run/.s.PGSQL. 5432");
  }

  TEST_CASE("names the directory of a unix socket") {
    auto local = settings;
    local.directory = "/run/postgresql";

    const auto text = connection_string(local, "", true);

    CHECK(value_in(text, "host") == "/run/postgresql");
    CHECK(value_in(text, "hostaddr").empty());
  }
}
