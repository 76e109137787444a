#include <csignal>
#include <cstdlib>
#include <dlfcn.h>
#include <netdb.h>
#include <vector>

#include <doctest/doctest.h>

#include "session.h"
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

std::string syntax_error() {
  return packet(1, "\xff\x28\x04#42000You have an error in your SQL syntax"s);
}

// The recorded server, offering TLS as well.
std::string greeting_with_tls() {
  auto greeting = recorded("greeting");
  const auto capabilities = greeting.find('\0', 5) + 1 + 4 + 8 + 1;
  greeting[capabilities + 1] = static_cast<char>(greeting[capabilities + 1] | 0x08);
  return greeting;
}

std::string refusal_of(const Options& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

// 127.0.0.2, where nobody accepts and the queue is full, so that the kernel drops what comes.
class FullServer {
 public:
  explicit FullServer(std::int64_t port) : fds_{socket()} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    const auto* const raw = reinterpret_cast<const sockaddr*>(&address);
    REQUIRE(::bind(fds_.front(), raw, sizeof(address)) == 0);
    REQUIRE(::listen(fds_.front(), 0) == 0);
    for (int i = 0; i < 3; ++i) {
      fds_.push_back(socket());
      ::connect(fds_.back(), raw, sizeof(address));
    }
  }
  FullServer(const FullServer&) = delete;
  FullServer& operator=(const FullServer&) = delete;
  ~FullServer() {
    for (const int fd : fds_) ::close(fd);
  }

 private:
  static int socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); }

  std::vector<int> fds_;
};

}  // namespace

// Both the plugin and libmariadb find this one in place of libc's: "two.test" is 127.0.0.2 and then
// 127.0.0.1.
extern "C" [[gnu::visibility("default")]] int getaddrinfo(const char* host, const char* service,
                                                          const addrinfo* hints,
                                                          addrinfo** found) noexcept(false) {
  static const auto libc =
      reinterpret_cast<decltype(&::getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  if (host == nullptr || host != "two.test"s) return libc(host, service, hints, found);
  const int status = libc("127.0.0.2", service, hints, found);
  if (status != 0) return status;
  auto* last = *found;
  while (last->ai_next != nullptr) last = last->ai_next;
  return libc("127.0.0.1", service, hints, &last->ai_next);
}

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

  TEST_CASE("takes a server that is no replica for fine on request") {
    const auto server = playing("no-replica");

    const auto verdict = verdict_with(at(server, mode("replication", {{"skip_master", true}})));

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text == server.name() + ": it is no replica");
  }

  TEST_CASE("asks for all sources first, and goes on in older words at a syntax error") {
    std::vector<std::string> heard;
    const auto verdict = verdict_from(
        [&](const Caller& caller) {
          caller.say(recorded("greeting"));
          caller.hear();
          caller.say(recorded("login"));
          while (heard.size() < 4) {
            const auto query = caller.hear();
            if (query.size() < 5) return;
            heard.push_back(query.substr(5));
            caller.say(heard.size() < 4 ? syntax_error() : recorded("no-replica"));
          }
          caller.be_silent();
        },
        mode("replication"));

    CHECK(verdict.text.ends_with(": it is no replica"));
    CHECK(heard == std::vector{"SHOW ALL REPLICAS STATUS"s, "SHOW ALL SLAVES STATUS"s,
                               "SHOW REPLICA STATUS"s, "SHOW SLAVE STATUS"s});
  }

  TEST_CASE("names the one of several sources") {
    const auto found = shoal::mysql::replication_of(
        {{"Connection_name", "east"}, {"Slave_IO_Running", "No"}, {"Slave_SQL_Running", "No"}});

    CHECK(found.words == "connection \"east\": IO thread \"No\", SQL thread \"No\"");
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
    std::string heard;
    const auto verdict = verdict_from(
        [&](const Caller& caller) {
          caller.say(greeting_with_tls());
          heard = caller.hear();
          caller.be_silent();
        },
        {{"tls", "on"s}, {"timeout", std::int64_t{200}}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(heard.size() >= 36);
  }

  TEST_CASE("goes on to the next address by name when one takes no connection") {
    std::string heard;
    const HostileServer server([&](const Caller& caller) {
      caller.say(greeting_with_tls());
      heard = caller.hear();
    });
    const FullServer full(server.port());

    const auto verdict = verdict_with({{"host", "two.test"s},
                                       {"port", server.port()},
                                       {"tls", "on"s},
                                       {"timeout", std::int64_t{800}}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK_FALSE(verdict.text.ends_with(": no answer in time"));
    CHECK(heard.size() >= 36);
  }

  TEST_CASE("has no answer in time when no address takes a connection") {
    const HostileServer server([](const Caller&) {});
    const FullServer full(server.port());

    const auto verdict = verdict_with({{"host", "127.0.0.2"s},
                                       {"port", server.port()},
                                       {"tls", "on"s},
                                       {"timeout", std::int64_t{50}}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text.ends_with(": no answer in time"));
  }

  TEST_CASE("cannot verify a server without trusted roots") {
    using shoal::common::Deadline;
    const Deadline deadline(std::chrono::milliseconds(1000));
    shoal::mysql::Settings settings{"db.test", 1, "", "root", "", "on", true, "", false};
    shoal::mysql::Session session;
    const std::vector here{shoal::common::unix_address("/nonexistent")};

    CHECK(session.open(settings, here, deadline) == shoal::common::Result::impossible);
    CHECK(session.fault() == "option ca_file: expected a file, for the system has no roots");
    settings.is_verified = false;
    CHECK(session.open(settings, here, deadline) != shoal::common::Result::impossible);
  }

  TEST_CASE("refuses options that make no sense") {
    CHECK(refusal_of({{"ca_file", "/nope"s}}) ==
          "option ca_file: cannot use \"/nope\": No such file or directory");
    CHECK(refusal_of(mode("readonly", {{"warning", "1"s}})) ==
          "option warning: expected none, for mode is \"readonly\"");
    CHECK(refusal_of(mode("readonly", {{"critical", "1"s}})) ==
          "option critical: expected none, for mode is \"readonly\"");
    CHECK(refusal_of(mode("uptime", {{"expected", "on"s}})) ==
          "option expected: expected none, for mode is \"uptime\"");
    CHECK(refusal_of({{"skip_master", true}}) ==
          "option skip_master: expected none, for mode is \"connection\"");
  }

  TEST_CASE("refuses to run where libmariadb would load a plugin") {
    ::setenv("LIBMYSQL_PLUGINS", "other", 1);
    PluginFixture plugin;
    ::unsetenv("LIBMYSQL_PLUGINS");

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason == "environment: expected no LIBMYSQL_PLUGINS, found one");
  }
}
