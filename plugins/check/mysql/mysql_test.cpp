#include <csignal>
#include <cstdlib>

#include <doctest/doctest.h>

#include "support/hostile_server.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"
#include "verdicts.h"

using shoal::test::Caller;
using shoal::test::HostileServer;
using shoal::test::PluginFixture;
using shoal::test::recorded;
using Options = PluginFixture::OptionMap;
using namespace std::string_literals;

namespace {

// As the agent and its plugin hosts do; libmariadb writes to sockets that may be gone.
[[maybe_unused]] const auto former_handler = std::signal(SIGPIPE, SIG_IGN);

Options at(const HostileServer& server, Options more = {}) {
  more.emplace("host", "127.0.0.1"s);
  more.emplace("port", server.port());
  return more;
}

Options mode(const std::string& name, Options more = {}) {
  more.emplace("mode", name);
  return more;
}

// What a real server said to the login; then `answer` is said to the query.
std::function<void(const Caller&)> logged_in(const std::function<void(const Caller&)>& answer) {
  return [=](const Caller& caller) {
    caller.say(recorded("greeting"));
    caller.hear();
    caller.say(recorded("login"));
    if (!caller.hear().empty()) answer(caller);
  };
}

HostileServer playing(const std::string& answer) {
  return HostileServer(logged_in([=](const Caller& caller) {
    caller.say(recorded(answer));
    caller.be_silent();
  }));
}

shoal::CheckVerdict verdict_with(const Options& options) {
  PluginFixture plugin(options);
  return plugin.check();
}

shoal::CheckVerdict verdict_from(const std::function<void(const Caller&)>& treat,
                                 Options more = {}) {
  const HostileServer server(treat);
  return verdict_with(at(server, std::move(more)));
}

// One packet of the protocol.
std::string packet(char number, const std::string& body) {
  return std::string{static_cast<char>(body.size()), 0, 0, number} + body;
}

}  // namespace

TEST_SUITE("check mysql") {
  TEST_CASE("counts the connections, and draws and judges them") {
    const auto server = playing("connections");
    PluginFixture plugin(at(server));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text == server.name() + ": 1 connections");
    CHECK(plugin.emitted == std::map<std::string, double>{{"mysql.probe_1.connections", 1}});
    CHECK(verdict_with(at(server, {{"warning", "0"s}})).status == SHOAL_CHECK_WARNING);
    CHECK(verdict_with(at(server, {{"critical", "2:"s}})).status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("judges a short uptime") {
    const auto server = playing("uptime");

    CHECK(verdict_with(at(server, mode("uptime"))).status == SHOAL_CHECK_OK);
    CHECK(verdict_with(at(server, mode("uptime", {{"warning", "1000000"s}}))).status ==
          SHOAL_CHECK_WARNING);
    CHECK(verdict_with(at(server, mode("uptime", {{"critical", "1000000"s}}))).status ==
          SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("compares read_only with what is expected") {
    const auto server = playing("readonly-off");

    const auto wrong = verdict_with(at(server, mode("readonly")));

    CHECK(wrong.status == SHOAL_CHECK_CRITICAL);
    CHECK(wrong.text == server.name() + ": expected read_only ON, found OFF");
    CHECK(verdict_with(at(server, mode("readonly", {{"expected", "off"s}}))).status ==
          SHOAL_CHECK_OK);
  }

  TEST_CASE("cannot judge a server that is no replica") {
    const auto server = playing("no-replica");

    const auto verdict = verdict_with(at(server, mode("replication")));

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == server.name() + ": it is no replica");
  }

  TEST_CASE("reads old and new words of a replica") {
    using shoal::mysql::replication_of;
    const auto fine = replication_of({{"Replica_IO_Running", "Yes"},
                                      {"Replica_SQL_Running", "Yes"},
                                      {"Seconds_Behind_Source", "7"}});
    const auto broken = replication_of({{"Slave_IO_Running", "Connecting"},
                                        {"Slave_SQL_Running", "Yes"},
                                        {"Last_IO_Error", "no route"}});

    CHECK(fine.is_running);
    CHECK(fine.seconds_behind == 7);
    CHECK_FALSE(broken.is_running);
    CHECK_FALSE(broken.seconds_behind);
    CHECK(broken.words == "IO thread \"Connecting\", SQL thread \"Yes\": no route");
  }

  TEST_CASE("is CRITICAL when nobody listens, or WARNING on request") {
    std::int64_t port = 0;
    {
      port = HostileServer([](const Caller&) {}).port();
    }
    Options options{{"host", "127.0.0.1"s}, {"port", port}};

    const auto verdict = verdict_with(options);
    options.emplace("error_status", "warning"s);

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == "127.0.0.1 port " + std::to_string(port) + ": Connection refused");
    CHECK(verdict_with(options).status == SHOAL_CHECK_WARNING);
  }

  TEST_CASE("names the unix socket that is not there") {
    const shoal::test::TemporaryDirectory directory;

    const auto verdict = verdict_with({{"socket", directory.file("my.sock")}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == directory.file("my.sock") + ": No such file or directory");
  }

  TEST_CASE("waits no longer than the timeout for a server that says nothing") {
    const auto silent = [](const Caller& caller) { caller.be_silent(); };
    const Options soon{{"timeout", std::int64_t{50}}};

    CHECK(verdict_from(silent, soon).text.ends_with(": no answer in time"));
    CHECK(verdict_from(logged_in(silent), soon).text.ends_with(": no answer in time"));
    CHECK(verdict_from(silent, soon).status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("puts an answer together that comes byte by byte") {
    const auto verdict = verdict_from([](const Caller& caller) {
      caller.say_byte_by_byte(recorded("greeting"));
      caller.hear();
      caller.say_byte_by_byte(recorded("login"));
      caller.hear();
      caller.say_byte_by_byte(recorded("connections"));
      caller.be_silent();
    });

    CHECK(verdict.status == SHOAL_CHECK_OK);
  }

  TEST_CASE("is CRITICAL when the server speaks something else, or hangs up") {
    const auto saying = [](const std::string& words) {
      return verdict_from([words](const Caller& caller) { caller.say(words); }).status;
    };

    CHECK(saying("220 mail.test ESMTP\r\n") == SHOAL_CHECK_CRITICAL);
    CHECK(saying("") == SHOAL_CHECK_CRITICAL);
    CHECK(saying(recorded("greeting")) == SHOAL_CHECK_CRITICAL);
    CHECK(saying("\xff\xff\xff\0" + std::string(100'000, 'x')) == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("does not take rows without end") {
    // What describes the columns, as recorded; behind it come a row and the end.
    const auto whole = recorded("connections");
    const auto row = "\x11Threads_connected\0011"s;
    const auto columns = whole.substr(0, whole.find(row) - 4);
    const auto verdict = verdict_from(logged_in([&](const Caller& caller) {
      caller.say(columns);
      std::string rows;
      const auto first = static_cast<unsigned char>(whole[columns.size() + 3]);
      for (int i = 0; i < 256; ++i) rows += packet(static_cast<char>(first + i), row);
      caller.say_without_end(rows);
    }));

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text.ends_with(": it gives more than 64 rows"));
  }

  TEST_CASE("hands no file to a server that asks for one") {
    const shoal::test::TemporaryDirectory directory;
    directory.write("secret", "sesame");
    std::string heard;
    const auto verdict =
        verdict_from(logged_in([&](const Caller& caller) {
                       caller.say(packet(1, "\xfb" + directory.file("secret")));
                       for (auto more = caller.hear(); !more.empty(); more = caller.hear())
                         heard += more;
                     }),
                     {{"timeout", std::int64_t{200}}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(heard.find("sesame") == std::string::npos);
  }

  TEST_CASE("gives the password to no server that asks for it in the clear") {
    std::string heard;
    const auto verdict = verdict_from(
        [&](const Caller& caller) {
          caller.say(recorded("greeting"));
          heard = caller.hear();
          caller.say(packet(2, "\xfemysql_clear_password\0"s));
          heard += caller.hear();
        },
        {{"password", "sesame"s}, {"timeout", std::int64_t{500}}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(heard.find("sesame") == std::string::npos);
  }

  TEST_CASE("logs in to no server without the TLS that was asked for") {
    std::string heard;
    const auto verdict = verdict_from(
        [&](const Caller& caller) {
          caller.say(recorded("greeting"));
          heard = caller.hear();
        },
        {{"tls", "on"s}, {"password", "sesame"s}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(heard.empty());
  }

  TEST_CASE("waits no longer than the timeout for a TLS handshake") {
    auto greeting = recorded("greeting");
    const auto capabilities = greeting.find('\0', 5) + 1 + 4 + 8 + 1;
    greeting[capabilities + 1] = static_cast<char>(greeting[capabilities + 1] | 0x08);
    std::string heard;
    const auto verdict = verdict_from(
        [&](const Caller& caller) {
          caller.say(greeting);
          heard = caller.hear();
          caller.be_silent();
        },
        {{"tls", "on"s}, {"timeout", std::int64_t{200}}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(heard.size() >= 36);
  }

  TEST_CASE("refuses to run where libmariadb would load a plugin") {
    ::setenv("LIBMYSQL_PLUGINS", "other", 1);
    PluginFixture plugin;
    ::unsetenv("LIBMYSQL_PLUGINS");

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason == "environment: expected no LIBMYSQL_PLUGINS, found one");
  }
}
