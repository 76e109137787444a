#include <csignal>

#include <doctest/doctest.h>

#include "replication.h"
#include "support/loopback_server.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"
#include "support/tls_server.h"

using shoal::redis::parse_replication;
using shoal::test::hear;
using shoal::test::hold;
using shoal::test::LoopbackServer;
using shoal::test::PluginFixture;
using shoal::test::recorded;
using shoal::test::say;
using Options = PluginFixture::OptionMap;

namespace {

// Answers each command with the next of these; then holds its tongue.
std::function<void(int)> answers(std::vector<std::string> texts) {
  return [texts = std::move(texts)](int peer) {
    for (const auto& text : texts) {
      if (hear(peer).empty()) return;
      say(peer, text);
    }
    hold(peer);
  };
}

Options at(const LoopbackServer& server, Options more = {}) {
  more.emplace("host", std::string("127.0.0.1"));
  more.emplace("port", server.port());
  return more;
}

shoal::CheckVerdict verdict_of(const Options& options) {
  PluginFixture plugin(options);
  REQUIRE(plugin.reason.empty());
  return plugin.check();
}

// What is said of a server that answers so, behind its name.
std::string words_of(std::uint32_t status, const std::vector<std::string>& texts,
                     Options options = {}) {
  const LoopbackServer server(answers(texts));
  const auto verdict = verdict_of(at(server, std::move(options)));
  CHECK(verdict.status == status);
  return verdict.text.substr(server.name().size() + 2);
}

const std::string replication = "replication";

}  // namespace

TEST_SUITE("INFO replication") {
  TEST_CASE("tells a replica from a master") {
    const auto follows = parse_replication(recorded("replica"));
    const auto alone = parse_replication(recorded("replica-alone"));

    CHECK(parse_replication(recorded("master")).role == "master");
    CHECK(follows.role == "slave");
    CHECK(follows.master == "127.0.0.1:17001");
    CHECK(follows.link == "up");
    CHECK(follows.silent_s == 0);
    CHECK(alone.link == "down");
    CHECK_FALSE(alone.silent_s);
    CHECK(alone.down_since_s == 0);
    CHECK(parse_replication("master_sync_in_progress:1").is_copying);
    CHECK(parse_replication("no colon\r\n:\r\nrole").role.empty());
  }
}

TEST_SUITE("check redis") {
  TEST_CASE("is OK when PING is answered, and judges the time") {
    const LoopbackServer server(answers({"+PONG\r\n"}));
    PluginFixture plugin(at(server));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text.starts_with(server.name() + ": PONG in "));
    CHECK(plugin.emitted.at("redis.probe_1.seconds") >= 0);
    CHECK(plugin.emitted.size() == 1);
    CHECK(verdict_of(at(server, {{"warning", std::string("0")}})).status == SHOAL_CHECK_WARNING);
    CHECK(verdict_of(at(server, {{"critical", std::string("60:")}})).status ==
          SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("logs in as the default user or another") {
    std::vector<std::string> heard;
    const LoopbackServer server([&](int peer) {
      heard.push_back(hear(peer));
      say(peer, "+OK\r\n");
      hear(peer);
      say(peer, "+PONG\r\n");
    });
    const std::string password = "a b\r\n";

    CHECK(verdict_of(at(server, {{"password", password}})).status == SHOAL_CHECK_OK);
    CHECK(verdict_of(at(server, {{"user", std::string("me")}, {"password", password}})).status ==
          SHOAL_CHECK_OK);

    CHECK(heard.at(0) == "*2\r\n$4\r\nAUTH\r\n$5\r\na b\r\n\r\n");
    CHECK(heard.at(1) == "*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$5\r\na b\r\n\r\n");
  }

  TEST_CASE("tells what was refused, but never the password") {
    const auto refusals = recorded("refusals");
    const Options login{{"password", std::string("s3cret")}};

    CHECK(words_of(SHOAL_CHECK_CRITICAL, {refusals}) ==
          "PING: expected PONG, got \"NOAUTH Authentication required.\"");
    CHECK(words_of(SHOAL_CHECK_CRITICAL, {refusals.substr(refusals.find("-WRONG"))}, login) ==
          "AUTH: expected OK, got \"WRONGPASS invalid username-password pair or user is "
          "disabled.\"");
    CHECK(words_of(SHOAL_CHECK_CRITICAL,
                   {"-ERR unknown command 'AUTH', with args beginning with: 's3cret' \r\n"}, login)
              .ends_with("beginning with: '***' \""));
    CHECK(words_of(SHOAL_CHECK_WARNING, {"-LOADING\r\n"},
                   {{"error_status", std::string("warning")}}) ==
          "PING: expected PONG, got \"LOADING\"");
  }

  TEST_CASE("judges what was said, also where it is the password") {
    const auto with = [](const std::string& password, const std::string& answer,
                         const std::string& mode) {
      const Options options{{"password", password}, {"mode", mode}};
      return words_of(SHOAL_CHECK_OK, {"+OK\r\n", answer}, options);
    };

    CHECK(with("OK", "+PONG\r\n", "reachable").starts_with("PONG in "));
    CHECK(with("PONG", "+PONG\r\n", "reachable").starts_with("PONG in "));
    CHECK(with("slave", recorded("replica"), replication).ends_with("link \"up\", heard 0 s ago"));
    CHECK(with("up", recorded("replica"), replication).ends_with("link \"***\", heard 0 s ago"));
    CHECK(with("0", recorded("replica"), replication) ==
          "replica of \"127.***.***.1:17******1\", link \"up\", heard 0 s ago");
  }

  TEST_CASE("judges replication") {
    const auto state = [](std::uint32_t status, const std::string& answer, Options more = {}) {
      more.emplace("mode", replication);
      return words_of(status, {answer}, std::move(more));
    };
    auto late = recorded("replica");
    late.replace(late.find("ago:0"), 5, "ago:7");
    auto untold = recorded("replica");
    untold.replace(untold.find("ago:0"), 5, "ago:x");

    CHECK(state(SHOAL_CHECK_OK, recorded("replica")) ==
          "replica of \"127.0.0.1:17001\", link \"up\", heard 0 s ago");
    CHECK(state(SHOAL_CHECK_WARNING, late, {{"warning", std::string("6")}}).ends_with("7 s ago"));
    CHECK(state(SHOAL_CHECK_CRITICAL, late, {{"critical", std::string("6")}}).ends_with("7 s ago"));
    CHECK(state(SHOAL_CHECK_UNKNOWN, untold).ends_with("silence not told"));
    CHECK(state(SHOAL_CHECK_CRITICAL, recorded("replica-alone")) ==
          "replica of \"127.0.0.1:17001\", link \"down\" for 0 s");
    CHECK(state(SHOAL_CHECK_CRITICAL, recorded("master")) == "expected a replica, found a master");
    CHECK(state(SHOAL_CHECK_OK, recorded("master"), {{"skip_master", true}}) == "it is a master");
    CHECK(state(SHOAL_CHECK_CRITICAL, "$-1\r\n") == "expected the role of a replica, found \"\"");
    CHECK(state(SHOAL_CHECK_CRITICAL, "-NOPERM no\r\n") ==
          "INFO: expected an answer, got \"NOPERM no\"");
  }

  TEST_CASE("draws the master's silence") {
    const LoopbackServer server(answers({recorded("replica")}));
    PluginFixture plugin(at(server, {{"mode", replication}}));

    plugin.check();

    CHECK(plugin.emitted.at("redis.probe_1.silence") == 0);
    CHECK(plugin.emitted.size() == 2);
  }

  TEST_CASE("puts an answer together that comes byte by byte") {
    const LoopbackServer server([](int peer) {
      hear(peer);
      for (const char c : recorded("replica")) say(peer, {&c, 1});
    });

    CHECK(verdict_of(at(server, {{"mode", replication}})).status == SHOAL_CHECK_OK);
  }

  TEST_CASE("stands hostile answers") {
    const std::string other = "PING: expected an answer of Redis, found something else: ";

    CHECK(words_of(SHOAL_CHECK_CRITICAL, {"SSH-2.0\r\n"}) ==
          other + "Protocol error, got \"S\" as reply type byte");
    CHECK(words_of(SHOAL_CHECK_CRITICAL, {"*2147483647\r\n"}) == other + "a list");
    CHECK(words_of(SHOAL_CHECK_CRITICAL, {"*1\r\n*1\r\n*1\r\n"}) == other + "a list");
    CHECK(words_of(SHOAL_CHECK_CRITICAL, {"$x\r\n"}).starts_with(other));
    CHECK(words_of(SHOAL_CHECK_CRITICAL, {"$9223372036854775807\r\n" + std::string(300'000, 'x')})
              .find("expected ") != std::string::npos);
    CHECK(words_of(SHOAL_CHECK_CRITICAL, {"$999999\r\n" + std::string(999'999, 'x')}) ==
          "PING: expected at most 262144 bytes, found more");
    CHECK(words_of(SHOAL_CHECK_CRITICAL, {"+PO\x01"
                                          "NG" +
                                          std::string(200, '!') + "\r\n"}) ==
          "PING: expected PONG, got \"PO?NG" + std::string(75, '!') + "...\"");
    CHECK(words_of(SHOAL_CHECK_CRITICAL, {":1\r\n"}) == "PING: expected PONG, got \"1\"");
  }

  TEST_CASE("is CRITICAL when the server is silent or hangs up") {
    const LoopbackServer leaving([](int peer) { hear(peer); });

    CHECK(words_of(SHOAL_CHECK_CRITICAL, {}, {{"timeout", std::int64_t{300}}}) ==
          "PING: no more came in time");
    CHECK(verdict_of(at(leaving)).text ==
          leaving.name() + ": PING: the peer closed the connection");
  }

  TEST_CASE("speaks TLS") {
    std::signal(SIGPIPE, SIG_IGN);  // as the agent does
    const shoal::test::TemporaryDirectory directory;
    const shoal::test::Credentials own(
        {.common_name = "Redis", .alternative_names = "IP:127.0.0.1"});
    own.write_certificate(directory.file("ca.pem"));
    const LoopbackServer server([&](int peer) {
      shoal::test::TlsPeer session(peer, own);
      session.hear();
      session.say("+PONG\r\n");
      session.hold();
    });
    const auto trusting = at(server, {{"tls", true}, {"ca_file", directory.file("ca.pem")}});

    CHECK(verdict_of(trusting).status == SHOAL_CHECK_OK);
    CHECK(verdict_of(at(server, {{"tls", true}})).text ==
          server.name() + ": certificate not accepted: self-signed certificate");
    CHECK(verdict_of(at(server, {{"tls", true}, {"check_certificate", false}})).status ==
          SHOAL_CHECK_OK);
  }

  TEST_CASE("tells an absent unix socket from one that it cannot reach") {
    const shoal::test::TemporaryDirectory directory;
    directory.write("plain", "");

    CHECK(verdict_of({{"socket", directory.file("none.sock")}}).status == SHOAL_CHECK_CRITICAL);
    const auto below = verdict_of({{"socket", directory.file("plain/below")}});
    CHECK(below.status == SHOAL_CHECK_UNKNOWN);
    CHECK(below.text == directory.file("plain/below") + ": Not a directory");
  }

  TEST_CASE("refuses options that lead nowhere") {
    const auto refusal_of = [](const Options& options) {
      PluginFixture plugin(options);
      CHECK(plugin.create_status == SHOAL_CONFIG);
      return plugin.reason;
    };

    CHECK(refusal_of({{"user", std::string("me")}}) ==
          "option user: expected a password as well, found none");
    CHECK(refusal_of({{"tls", true}, {"ca_file", std::string("/none")}}) ==
          "option ca_file: cannot use \"/none\": No such file or directory");
    CHECK(refusal_of({{"ca_file", std::string("/none")}}) ==
          "option ca_file: expected tls as well, found none");
    CHECK(refusal_of({{"tls", true}, {"key_file", std::string("/none")}}) ==
          "option key_file: expected cert_file as well, found none");
  }
}
