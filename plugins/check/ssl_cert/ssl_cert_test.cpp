#include <csignal>
#include <ctime>
#include <sstream>

#include <doctest/doctest.h>

#include "support/loopback_server.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"
#include "support/tls_server.h"

using shoal::test::Credentials;
using shoal::test::LoopbackServer;
using shoal::test::PluginFixture;
using shoal::test::say;
using shoal::test::TlsPeer;
using Options = PluginFixture::OptionMap;

namespace {

constexpr std::int64_t day = 86'400;

// What the server presents, and what the check trusts.
struct World {
  World() {
    std::signal(SIGPIPE, SIG_IGN);  // as the agent does
    authority.write_certificate(ca_file());
    own.write_certificate(cert_file());
    own.write_key(key_file());
  }
  std::string ca_file() const { return directory.file("ca.pem"); }
  std::string cert_file() const { return directory.file("cert.pem"); }
  std::string key_file() const { return directory.file("key.pem"); }

  shoal::test::TemporaryDirectory directory;
  Credentials authority{{.common_name = "Test CA", .is_authority = true}};
  Credentials middle{{.common_name = "Middle CA",
                      .ends_in_seconds = 20 * day,
                      .issuer = &authority,
                      .is_authority = true}};
  Credentials own{{.common_name = "Own",
                   .alternative_names = "DNS:example.test,IP:127.0.0.1",
                   .ends_in_seconds = 40 * day,
                   .issuer = &middle}};
  Credentials late{{.common_name = "Late",
                    .alternative_names = "IP:127.0.0.1",
                    .ends_in_seconds = -3 * day,
                    .issuer = &authority}};
};

const World& world() {
  static const World made;
  return made;
}

void serve(int peer) {
  TlsPeer(peer, world().own, {&world().middle}).hold();
}

Options at(const LoopbackServer& server, Options more = {}) {
  more.emplace("host", std::string("127.0.0.1"));
  more.emplace("port", server.port());
  more.emplace("ca_file", world().ca_file());
  more.emplace("warning", std::string("15"));
  more.emplace("critical", std::string("10"));
  return more;
}

shoal::CheckVerdict verdict_with(const Options& options, std::int64_t days_later = 0) {
  PluginFixture plugin(options);
  REQUIRE(plugin.reason.empty());
  plugin.unix_ns = (std::time(nullptr) + days_later * day) * 1'000'000'000;
  return plugin.check();
}

std::string refusal_of(const Options& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

// A mail server that gives these answers, the first unasked, and then speaks TLS.
std::function<void(int)> mail_server(const std::string& answers, std::size_t greeting_lines = 1) {
  return [=](int peer) {
    std::istringstream text(answers);
    std::string line;
    for (std::size_t i = 0; i < greeting_lines && std::getline(text, line); ++i) {
      say(peer, line + "\n");
    }
    bool is_last = true;
    while (std::getline(text, line)) {
      if (is_last) shoal::test::hear_until(peer, "\n");
      is_last = line.size() < 4 || (line[3] != '-' && !line.starts_with("* "));
      say(peer, line + "\n");
    }
    TlsPeer(peer, world().own, {&world().middle}).hold();
  };
}

}  // namespace

TEST_SUITE("check ssl_cert") {
  TEST_CASE("judges the days of the certificate that ends first") {
    const LoopbackServer server(&serve);
    PluginFixture plugin(at(server));
    plugin.unix_ns = (std::time(nullptr) + day / 2) * 1'000'000'000;  // 19.5 days are left

    const auto fine = plugin.check();

    CHECK(fine.status == SHOAL_CHECK_OK);
    CHECK(fine.text.starts_with(server.name() + ": CN=Middle CA expires in 19 days, on 2"));
    CHECK(fine.text.ends_with(" UTC (2 certificates)"));
    CHECK(plugin.emitted.at("ssl_cert.probe_1.days") == 19);
    CHECK(verdict_with(at(server), 6).status == SHOAL_CHECK_WARNING);
    CHECK(verdict_with(at(server), 11).status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict_with(at(server, {{"critical", std::string("@19:21")}})).status ==
          SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("is CRITICAL for one whose time is over or yet to come, whatever the thresholds") {
    const LoopbackServer server(&serve);
    auto options = at(server);
    options["warning"] = options["critical"] = std::string("-9999");

    const auto over = verdict_with(options, 22);
    const auto early = verdict_with(options, -3650);

    CHECK(over.status == SHOAL_CHECK_CRITICAL);
    CHECK(over.text.starts_with(server.name() + ": CN=Middle CA expired on 2"));
    CHECK(early.status == SHOAL_CHECK_CRITICAL);
    CHECK(early.text.find(" is not valid before 2") != std::string::npos);
  }

  TEST_CASE("is CRITICAL for one that is not accepted, and tells its end all the same") {
    const LoopbackServer server(&serve);
    const LoopbackServer late([](int peer) { TlsPeer(peer, world().late).hold(); });
    PluginFixture plugin(at(late));
    plugin.unix_ns = std::time(nullptr) * std::int64_t{1'000'000'000};

    const auto over = plugin.check();
    const auto other = verdict_with(at(server, {{"server_name", std::string("other.test")}}));

    CHECK(over.status == SHOAL_CHECK_CRITICAL);
    CHECK(over.text.starts_with(late.name() +
                                ": certificate not accepted: certificate has expired; CN=Late "
                                "expired on 2"));
    CHECK(plugin.emitted.at("ssl_cert.probe_1.days") < -2);
    CHECK(other.status == SHOAL_CHECK_CRITICAL);
    CHECK(other.text.find("hostname mismatch; CN=Middle CA expires in ") != std::string::npos);
    CHECK(verdict_with(at(server, {{"server_name", std::string("example.test")}})).status ==
          SHOAL_CHECK_OK);
  }

  TEST_CASE("judges the days alone on request") {
    const LoopbackServer server(&serve);

    CHECK(verdict_with(at(server, {{"ca_file", std::string()}, {"check_certificate", false}}))
              .status == SHOAL_CHECK_OK);
    CHECK(verdict_with(at(server, {{"ca_file", std::string()}}))
              .text.find("certificate not accepted: ") != std::string::npos);
  }

  TEST_CASE("shows a certificate of its own") {
    const LoopbackServer server([](int peer) {
      TlsPeer session(peer, world().own, {&world().middle}, &world().middle);
      session.hold();
    });

    CHECK(verdict_with(
              at(server, {{"cert_file", world().cert_file()}, {"key_file", world().key_file()}}))
              .status == SHOAL_CHECK_OK);
  }

  TEST_CASE("begins in the clear as mail servers do") {
    const auto smtp = shoal::test::recorded("smtp-answers");
    struct Row {
      const char* protocol;
      std::string answers;
    };
    for (const auto& row :
         {Row{"smtp", smtp}, Row{"imap", "* OK ready\r\n* BYE not yet\r\na1 OK begin\r\n"},
          Row{"pop3", "+OK ready\r\n+OK begin\r\n"}}) {
      CAPTURE(row.protocol);
      const LoopbackServer server(mail_server(row.answers));

      const auto verdict = verdict_with(at(server, {{"starttls", std::string(row.protocol)}}));

      CAPTURE(verdict.text);
      CHECK(verdict.status == SHOAL_CHECK_OK);
    }
  }

  TEST_CASE("is CRITICAL when the server offers no TLS") {
    const auto text_of = [](const std::string& answers) {
      const LoopbackServer server(mail_server(answers));
      const auto verdict = verdict_with(
          at(server, {{"starttls", std::string("smtp")}, {"timeout", std::int64_t{10'000}}}));
      CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
      return verdict.text.substr(server.name().size());
    };

    CHECK(text_of("220 a\r\n250-b\r\n250 c\r\n502 5.5.1 no\x01 such\r\n") ==
          ": to \"STARTTLS\" expected \"220\", got \"502 5.5.1 no? such\"");
    CHECK(text_of("554 go away\r\n") == ": at first expected \"220\", got \"554 go away\"");
    CHECK(text_of(std::string(5000, 'x')) == ": expected a line, found 4096 bytes without an end");
    std::string endless;
    for (int i = 0; i < 200; ++i) endless += "220-more\r\n";
    const LoopbackServer server(mail_server(endless, 200));
    CHECK(verdict_with(at(server, {{"starttls", std::string("smtp")}})).text ==
          server.name() + ": at first expected \"220\", got \"220-more\"");
  }

  TEST_CASE("is CRITICAL when there is no handshake") {
    const LoopbackServer silent(&shoal::test::hold);
    const LoopbackServer other([](int peer) { say(peer, "SSH-2.0-x\r\n"); });
    std::int64_t closed_port = 0;
    {
      const LoopbackServer gone(&shoal::test::hold);
      closed_port = gone.port();
    }
    const auto closed = verdict_with({{"host", std::string("127.0.0.1")}, {"port", closed_port}});

    CHECK(closed.status == SHOAL_CHECK_CRITICAL);
    CHECK(closed.text == "127.0.0.1 port " + std::to_string(closed_port) + ": Connection refused");
    const auto late = verdict_with(at(silent, {{"timeout", std::int64_t{300}}}));
    CHECK(late.status == SHOAL_CHECK_CRITICAL);
    CHECK(late.text == silent.name() + ": no handshake in time");
    CHECK(verdict_with(at(other)).text == other.name() + ": TLS: wrong version number");
  }

  TEST_CASE("refuses files that it cannot use") {
    const Options host{{"host", std::string("localhost")}};
    const auto with = [&](const char* option, const std::string& file) {
      auto options = host;
      options.emplace(option, file);
      return refusal_of(options);
    };

    CHECK(with("ca_file", "/nonexistent/ca.pem") ==
          "option ca_file: cannot use \"/nonexistent/ca.pem\": No such file or directory");
    CHECK(with("cert_file", world().key_file()) ==
          "option cert_file: cannot use \"" + world().key_file() + "\": no start line");
    CHECK(refusal_of({{"host", std::string("h")}, {"warning", std::string("soon")}}) ==
          "option warning: expected a number or a range like \"10:20\", found \"soon\"");
  }
}
