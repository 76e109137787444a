#include <cstdlib>

#include <doctest/doctest.h>

#include "session.h"
#include "support/hostile_server.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using shoal::test::Caller;
using shoal::test::HostileServer;
using shoal::test::PluginFixture;
using shoal::test::recorded;
using Options = PluginFixture::OptionMap;
using namespace std::string_literals;

namespace {

Options at(const HostileServer& server, Options more = {}) {
  more.emplace("host", "127.0.0.1"s);
  more.emplace("port", server.port());
  more.emplace("user", "monitor"s);
  more.emplace("sslmode", "disable"s);
  return more;
}

Options query(const std::string& text, Options more = {}) {
  more.emplace("mode", "query"s);
  more.emplace("query", text);
  return more;
}

// Plays back what a real server said to the login, and then to the query.
HostileServer playing(const std::string& answer) {
  return HostileServer([=](const Caller& caller) {
    caller.hear();
    caller.say(recorded("greeting"));
    if (caller.hear().starts_with("Q")) caller.say(recorded(answer));
    caller.be_silent();
  });
}

shoal::CheckVerdict verdict_with(const Options& options) {
  PluginFixture plugin(options);
  return plugin.check();
}

// The answer to a query, and what the check makes of it.
shoal::CheckVerdict verdict_on(const std::string& answer) {
  const auto server = playing(answer);
  auto verdict = verdict_with(at(server, query("SELECT")));
  CHECK(verdict.text.starts_with(server.name() + ": "));
  verdict.text.erase(0, server.name().size() + 2);
  return verdict;
}

shoal::CheckVerdict verdict_of_login(const std::function<void(const Caller&)>& treat,
                                     Options more = {}) {
  const HostileServer server(treat);
  return verdict_with(at(server, std::move(more)));
}

std::string refusal_of(const Options& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

}  // namespace

TEST_SUITE("check postgresql") {
  TEST_CASE("counts the connections, and draws them") {
    const auto server = playing("connections");
    PluginFixture plugin(at(server));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text == server.name() + ": 1 of 100 connections used");
    CHECK(plugin.emitted.at("postgresql.probe_1.connections") == 1);
    CHECK(plugin.emitted.at("postgresql.probe_1.connections_percentage") == doctest::Approx(1));
  }

  TEST_CASE("judges the connections, and what a query gives") {
    const auto connections = playing("connections");
    const auto number = playing("number");
    const auto with = [](const HostileServer& server, const char* name, const char* bound,
                         Options more) {
      more.emplace(name, std::string(bound));
      return verdict_with(at(server, more)).status;
    };

    CHECK(with(connections, "warning", "0", {}) == SHOAL_CHECK_WARNING);
    CHECK(with(connections, "critical", "2:", {}) == SHOAL_CHECK_CRITICAL);
    CHECK(with(number, "warning", "42", query("SELECT")) == SHOAL_CHECK_WARNING);
    CHECK(with(number, "critical", "42.5", query("SELECT")) == SHOAL_CHECK_OK);
  }

  TEST_CASE("draws what a query gives") {
    const auto server = playing("number");
    PluginFixture plugin(at(server, query("SELECT")));

    CHECK(plugin.check().text == server.name() + ": the query gives 42.5");
    CHECK(plugin.emitted == std::map<std::string, double>{{"postgresql.probe_1.value", 42.5}});
  }

  TEST_CASE("cannot judge by a query that gives no number") {
    const std::vector<std::pair<const char*, const char*>> answers{
        {"null", "expected a number, the query gives \"NULL\""},
        {"no-row", "expected one row, got none"},
        {"two-rows", "expected one row, got more"},
        {"two-columns", "expected one column, the query gives 2"},
        {"no-such-column", "ERROR:  column \"nothing\" does not exist"}};
    for (const auto& [answer, words] : answers) {
      const auto& given = answer;
      CAPTURE(given);
      const auto verdict = verdict_on(answer);

      CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
      CHECK(verdict.text == words);
    }
  }

  TEST_CASE("runs the query read-only and with a limit") {
    std::string heard;
    verdict_of_login(
        [&](const Caller& caller) {
          caller.hear();
          caller.say(recorded("greeting"));
          heard = caller.hear().substr(5);
        },
        query("SELECT 1"));

    CHECK(heard.starts_with("BEGIN READ ONLY; SET LOCAL statement_timeout = "));
    CHECK(heard.ends_with(";\nSELECT 1\n; COMMIT\0"s));
  }

  TEST_CASE("asks a server on this host for TLS, and does without") {
    std::string heard;
    const HostileServer server([&](const Caller& caller) {
      heard = caller.hear();
      caller.say("N");
      caller.hear();
      caller.say(recorded("greeting"));
      caller.hear();
      caller.say(recorded("connections"));
    });
    auto options = at(server);
    options["sslmode"] = "auto"s;

    CHECK(verdict_with(options).status == SHOAL_CHECK_OK);
    CHECK(heard == "\0\0\0\x08\x04\xd2\x16\x2f"s);
  }

  TEST_CASE("gives no password to a server without the TLS that was asked for") {
    std::string heard;
    const HostileServer server([&](const Caller& caller) {
      caller.hear();
      caller.say("N");
      heard = caller.hear();
    });
    auto options = at(server, {{"password", "secret"s}});
    options["sslmode"] = "verify-full"s;

    const auto verdict = verdict_with(options);

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == server.name() + ": server does not support SSL, but SSL was required");
    CHECK(heard.empty());
  }

  TEST_CASE("is CRITICAL when nobody listens, or WARNING on request") {
    std::int64_t port = 0;
    {
      port = HostileServer([](const Caller&) {}).port();
    }
    Options options{{"host", "127.0.0.1"s}, {"port", port}, {"user", "monitor"s}};

    const auto verdict = verdict_with(options);
    options.emplace("error_status", "warning"s);

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == "127.0.0.1 port " + std::to_string(port) + ": Connection refused");
    CHECK(verdict_with(options).status == SHOAL_CHECK_WARNING);
  }

  TEST_CASE("names the unix socket that is not there") {
    const shoal::test::TemporaryDirectory directory;

    const auto verdict = verdict_with({{"socket", directory.file("run")}, {"user", "monitor"s}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == directory.file("run") + "/.s.PGSQL.5432: No such file or directory");
  }

  TEST_CASE("takes the unix socket itself, with the port in its name") {
    const shoal::test::TemporaryDirectory directory;
    const auto socket = directory.file("run/.s.PGSQL.5433");

    const auto verdict = verdict_with({{"socket", socket}, {"user", "monitor"s}});

    CHECK(verdict.text == socket + ": No such file or directory");
  }

  TEST_CASE("cannot verify a server without trusted roots") {
    const shoal::common::Deadline deadline(std::chrono::milliseconds(1000));
    shoal::postgresql::Settings settings;
    settings.port = "1";
    settings.directory = "/nonexistent";
    settings.sslmode = "verify-full";
    shoal::postgresql::Session session;
    const std::vector here{shoal::common::unix_address("/nonexistent/.s.PGSQL.1")};

    CHECK(session.open(settings, here, deadline) == shoal::common::Result::impossible);
    CHECK(session.fault() == "option ca_file: expected a file, for the system has no roots");
    settings.sslmode = "require";
    CHECK(session.open(settings, here, deadline) == shoal::common::Result::refused);
  }

  TEST_CASE("waits no longer than the timeout for a server that says nothing") {
    const auto verdict = verdict_of_login([](const Caller& caller) { caller.be_silent(); },
                                          {{"timeout", std::int64_t{20}}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text.ends_with(": no answer in time"));
  }

  TEST_CASE("waits no longer than the timeout for the answer to a query") {
    const auto verdict = verdict_of_login(
        [](const Caller& caller) {
          caller.hear();
          caller.say(recorded("greeting"));
          caller.be_silent();
        },
        {{"timeout", std::int64_t{50}}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text.ends_with(": no answer in time"));
  }

  TEST_CASE("puts an answer together that comes byte by byte") {
    const auto verdict = verdict_of_login([](const Caller& caller) {
      caller.hear();
      caller.say_byte_by_byte(recorded("greeting"));
      caller.hear();
      caller.say_byte_by_byte(recorded("connections"));
      caller.be_silent();
    });

    CHECK(verdict.status == SHOAL_CHECK_OK);
  }

  TEST_CASE("is CRITICAL when the server speaks something else, or hangs up") {
    const auto saying = [](const std::string& words) {
      return verdict_of_login([words](const Caller& caller) {
        caller.hear();
        caller.say(words);
      });
    };

    CHECK(saying("220 mail.test ESMTP\r\n").status == SHOAL_CHECK_CRITICAL);
    CHECK(saying("\x7f\xff\xff\xff\xff\xff\xff").status == SHOAL_CHECK_CRITICAL);
    CHECK(saying("").text.ends_with(": server closed the connection unexpectedly"));
    CHECK(
        saying(recorded("greeting")).text.ends_with(": server closed the connection unexpectedly"));
  }

  TEST_CASE("does not listen to a login without end") {
    const auto verdict = verdict_of_login([](const Caller& caller) {
      caller.hear();
      caller.say("R\0\0\0\x08\0\0\0\0"s);
      caller.say_without_end(
          "S\0\0\0\x0c"
          "abc\0def\0"s);
    });

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text.ends_with(": it says more than 256 KiB"));
  }

  TEST_CASE("does not take a row without end, nor an announced one of a gigabyte") {
    const auto columns = "T\0\0\0\x1f\0\1n\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0"s;
    const auto verdict = verdict_of_login([&](const Caller& caller) {
      caller.hear();
      caller.say(recorded("greeting"));
      caller.hear();
      caller.say(columns + "D\x40\0\0\0\0\1\x3f\xff\xff\xf0"s);
      caller.say_without_end(std::string(4096, 'x'));
    });

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("does not listen to notices without end, nor to a copy") {
    const auto after_login = [](const std::string& words) {
      return verdict_of_login([words](const Caller& caller) {
        caller.hear();
        caller.say(recorded("greeting"));
        caller.hear();
        caller.say_without_end(words);
      });
    };

    CHECK(after_login("N\0\0\0\x0cMhello\0\0"s).text.ends_with(": it says more than 256 KiB"));
    CHECK(after_login("H\0\0\0\x07\0\0\0"s).text.ends_with(": expected rows, got something else"));
  }

  TEST_CASE("refuses options that make no sense") {
    CHECK(refusal_of({{"user", "monitor"s}, {"mode", "query"s}}) ==
          "option query: expected a SELECT, found none");
    CHECK(refusal_of({{"user", "monitor"s}, {"query", "SELECT 1"s}}) ==
          "option query: expected none, for mode is \"connection\"");
    CHECK(refusal_of({{"user", "monitor"s}, {"warning", "soon"s}}) ==
          "option warning: expected a number or a range like \"10:20\", found \"soon\"");
    CHECK(refusal_of({{"user", "monitor"s}, {"ca_file", "/nope"s}}) ==
          "option ca_file: cannot use \"/nope\": No such file or directory");
    const std::string path(100, 'x');
    CHECK(refusal_of({{"user", "monitor"s}, {"socket", "/" + path}}) ==
          "option socket: expected at most 107 bytes, found \"/" + path + "/.s.PGSQL.5432\"");
  }

  TEST_CASE("refuses to run where libpq would read a service file") {
    ::setenv("PGSERVICE", "other", 1);
    const auto reason = refusal_of({{"user", "monitor"s}});
    ::unsetenv("PGSERVICE");

    CHECK(reason == "environment: expected no PGSERVICE, found one");
  }
}
