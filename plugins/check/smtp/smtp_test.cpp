#include <csignal>

#include <doctest/doctest.h>

#include "support/loopback_server.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"
#include "support/tls_server.h"

using shoal::test::Credentials;
using shoal::test::hear_until;
using shoal::test::hold;
using shoal::test::LoopbackServer;
using shoal::test::PluginFixture;
using shoal::test::recorded;
using shoal::test::say;
using Options = PluginFixture::OptionMap;
using Texts = std::vector<std::string>;

namespace {

// Greets, then answers each line with the next of these. What it hears goes to `heard`.
std::function<void(int)> mail_server(const Texts& answers, Texts* heard = nullptr) {
  return [=](int peer) {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (i > 0) {
        const auto line = hear_until(peer, "\n");
        if (line.empty()) return;
        if (heard != nullptr) heard->push_back(line);
      }
      say(peer, answers[i]);
    }
    const auto rest = hear_until(peer, "\n");
    if (heard != nullptr) heard->push_back(rest);
    hold(peer);
  };
}

Options at(const LoopbackServer& server, Options more = {}) {
  more.emplace("host", std::string("127.0.0.1"));
  more.emplace("port", server.port());
  more.emplace("helo", std::string("client.example.test"));
  return more;
}

shoal::CheckVerdict verdict_of(const Options& options) {
  PluginFixture plugin(options);
  REQUIRE(plugin.reason.empty());
  return plugin.check();
}

// What is said of a server that answers so, behind its name.
std::string words_of(const Texts& answers, Options options = {}) {
  const LoopbackServer server(mail_server(answers));
  const auto verdict = verdict_of(at(server, std::move(options)));
  CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
  return verdict.text.substr(server.name().size() + 2);
}

// With the extension in place of those recorded.
std::string offering(const std::string& extension) {
  return "250-mail.example.test\r\n250 " + extension + "\r\n";
}

Options login(const std::string& auth = "") {
  return {{"user", std::string("me")},
          {"password", std::string("right")},
          {"auth", auth},
          {"allow_cleartext", true}};
}

const std::string ok = "250 OK\r\n";

}  // namespace

TEST_SUITE("check smtp") {
  TEST_CASE("is OK when the dialogue is held, and judges the time") {
    Texts heard;
    const LoopbackServer server(mail_server({recorded("greeting"), recorded("ehlo")}, &heard));
    PluginFixture plugin(at(server));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text.starts_with(server.name() + ": all said in 0."));
    CHECK(verdict.text.ends_with(" s: \"220 mail.example.test Python SMTP 1.4.3\""));
    CHECK(plugin.emitted.at("smtp.probe_1.seconds") >= 0);
    CHECK(verdict_of(at(server, {{"warning", std::string("0")}})).status == SHOAL_CHECK_WARNING);
    CHECK(verdict_of(at(server, {{"critical", std::string("60:")}})).status ==
          SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("says what it was told, in this order") {
    Texts heard;
    {
      const LoopbackServer server(mail_server(
          {recorded("greeting"), recorded("ehlo"), "235 2.7.0 yes\r\n", ok, ok}, &heard));
      auto options = at(server, login());
      options.emplace("from", std::string("probe@example.test"));
      options.emplace("commands", Texts{"RSET"});

      CHECK(verdict_of(options).status == SHOAL_CHECK_OK);
    }

    CHECK(heard == Texts{"EHLO client.example.test\r\n", "AUTH PLAIN AG1lAHJpZ2h0\r\n",
                         "MAIL FROM:<probe@example.test>\r\n", "RSET\r\n", "QUIT\r\n"});
  }

  TEST_CASE("logs in step by step where the server offers that, or on request") {
    Texts heard;
    {
      const LoopbackServer server(
          mail_server({"220 a\r\n", offering("auth login cram-md5"), "334 VXNlcm5hbWU6\r\n",
                       "334 UGFzc3dvcmQ6\r\n", "235 yes\r\n"},
                      &heard));
      CHECK(verdict_of(at(server, login())).status == SHOAL_CHECK_OK);
    }

    CHECK(heard == Texts{"EHLO client.example.test\r\n", "AUTH LOGIN\r\n", "bWU=\r\n",
                         "cmlnaHQ=\r\n", "QUIT\r\n"});
    CHECK(words_of({"220 a\r\n", offering("AUTH PLAIN"), "504 no\r\n"}, login("login")) ==
          "AUTH LOGIN: expected 334, got \"504 no\"");
    CHECK(words_of({"220 a\r\n", offering("AUTH CRAM-MD5")}, login()) ==
          "EHLO: expected the offer of AUTH PLAIN or LOGIN, found neither");
  }

  TEST_CASE("greets a server of old") {
    Texts heard;
    {
      const LoopbackServer server(mail_server({"220 a\r\n", "502 what?\r\n", ok}, &heard));
      CHECK(verdict_of(at(server)).status == SHOAL_CHECK_OK);
    }

    CHECK(heard.at(1) == "HELO client.example.test\r\n");
    CHECK(words_of({"220 a\r\n", "421 busy\r\n"}) == "EHLO: expected 250, got \"421 busy\"");
  }

  TEST_CASE("tells what was answered, but never the password") {
    const auto refusals = recorded("refusals");
    const auto refused = refusals.substr(0, refusals.find('\n') + 1);
    const auto ehlo = recorded("ehlo");

    CHECK(words_of({"554 go\r\n"}) == "greeting: expected 220, got \"554 go\"");
    CHECK(words_of({"220 a\r\n", ehlo, refused}, login()) ==
          "AUTH PLAIN: expected 235, got \"535 5.7.8 Authentication credentials invalid\"");
    CHECK(words_of({"220 a\r\n", ehlo, "500 AUTH PLAIN AG1lAHJpZ2h0, right?\r\n"}, login()) ==
          "AUTH PLAIN: expected 235, got \"500 AUTH PLAIN ***, ***?\"");
    CHECK(words_of({"220 a\r\n", offering("AUTH LOGIN"), "334 a\r\n", "334 b\r\n",
                    "535 not cmlnaHQ=\r\n"},
                   login()) == "AUTH LOGIN, password: expected 235, got \"535 not ***\"");
    CHECK(words_of({"220 a\r\n", ehlo, "530 no\r\n"}, {{"from", std::string("a@b")}}) ==
          "MAIL FROM: expected 250, got \"530 no\"");
    CHECK(words_of({"220 a\r\n", ehlo, "354 go on\r\n"}, {{"commands", Texts{"DATA"}}}) ==
          "DATA: expected 2xx, got \"354 go on\"");
  }

  TEST_CASE("judges what was answered, also where it is the password") {
    const auto verdict_with = [](const std::string& password) {
      const LoopbackServer server(
          mail_server({"220 a\r\n", offering("AUTH PLAIN"), "235 yes\r\n"}));
      auto options = at(server, login());
      options["password"] = password;
      return verdict_of(options);
    };

    CHECK(verdict_with("250").status == SHOAL_CHECK_OK);
    CHECK(verdict_with("PLAIN").status == SHOAL_CHECK_OK);
    CHECK(verdict_with("2").text.ends_with(": \"******0 a\""));
  }

  TEST_CASE("stands hostile answers") {
    std::string endless;
    for (int i = 0; i < 200; ++i) endless += "220-more\r\n";

    CHECK(words_of({std::string(100'000, '2')}) ==
          "greeting: expected a line, found 4096 bytes without an end");
    CHECK(words_of({endless}) == "greeting: expected at most 100 lines, found more");
    CHECK(words_of({"SSH-2.0-\x01\r\n"}) ==
          "greeting: expected a line like \"250 text\", found \"SSH-2.0-?\"");
    CHECK(words_of({"\n"}) == "greeting: expected a line like \"250 text\", found \"\"");
    CHECK(words_of({""}, {{"timeout", std::int64_t{300}}}) == "greeting: no more came in time");
    const LoopbackServer leaving([](int peer) {
      say(peer, "220 a\r\n");
      hear_until(peer, "\n");
    });
    CHECK(verdict_of(at(leaving, {{"error_status", std::string("warning")}})).text ==
          leaving.name() + ": EHLO: the peer closed the connection");
    const LoopbackServer slow([](int peer) {
      for (const char c : recorded("greeting")) say(peer, {&c, 1});
      hear_until(peer, "\n");
      for (const char c : recorded("ehlo")) say(peer, {&c, 1});
    });
    CHECK(verdict_of(at(slow)).status == SHOAL_CHECK_OK);
  }

  TEST_CASE("goes on in TLS, or begins with it") {
    std::signal(SIGPIPE, SIG_IGN);  // as the agent does
    const shoal::test::TemporaryDirectory directory;
    const Credentials own({.common_name = "Mail", .alternative_names = "IP:127.0.0.1"});
    own.write_certificate(directory.file("ca.pem"));
    const auto in_tls = [&](int peer, bool greets) {
      shoal::test::TlsPeer session(peer, own);
      if (greets) session.say(recorded("greeting"));
      session.hear();
      session.say(offering("AUTH PLAIN"));
      session.hear();
      session.say("235 yes\r\n");
      session.hold();
    };
    const LoopbackServer upgrading([&](int peer) {
      say(peer, recorded("greeting"));
      hear_until(peer, "\n");
      say(peer, recorded("ehlo"));
      hear_until(peer, "\n");
      say(peer, "220 go\r\n250 injected\r\n");
      in_tls(peer, false);
    });
    const LoopbackServer secure([&](int peer) { in_tls(peer, true); });
    const auto with = [&](const LoopbackServer& server, const char* mode) {
      return at(server, {{mode, true},
                         {"ca_file", directory.file("ca.pem")},
                         {"user", std::string("me")},
                         {"password", std::string("right")}});
    };

    CHECK(verdict_of(with(upgrading, "starttls")).status == SHOAL_CHECK_OK);
    CHECK(verdict_of(with(secure, "tls")).status == SHOAL_CHECK_OK);
    CHECK(verdict_of(at(upgrading, {{"starttls", true}})).text ==
          upgrading.name() + ": certificate not accepted: self-signed certificate");
    CHECK(verdict_of(at(secure, {{"tls", true}})).text ==
          secure.name() + ": certificate not accepted: self-signed certificate");
    CHECK(words_of({"220 a\r\n", offering("STARTTLS-NOT")}, {{"starttls", true}}) ==
          "EHLO: expected the offer of STARTTLS, found none");
    CHECK(words_of({"220 a\r\n", offering("STARTTLS"), "454 not now\r\n"}, {{"starttls", true}}) ==
          "STARTTLS: expected 220, got \"454 not now\"");
  }

  TEST_CASE("is UNKNOWN when this host cannot even try") {
    // An address of a link, which names none.
    CHECK(verdict_of({{"host", std::string("fe80::1")}}).status == SHOAL_CHECK_UNKNOWN);
  }

  TEST_CASE("refuses options that lead nowhere") {
    const auto refusal_of = [](const Options& options) {
      PluginFixture plugin(options);
      CHECK(plugin.create_status == SHOAL_CONFIG);
      return plugin.reason;
    };

    CHECK(refusal_of({{"tls", true}, {"starttls", true}}) ==
          "option tls: expected tls or starttls, found both");
    const std::string me = "me";
    CHECK(refusal_of({{"user", me}, {"password", me}}) ==
          "option user: expected tls, starttls or allow_cleartext as well, found none of them");
    CHECK(refusal_of({{"user", me}, {"tls", true}}) ==
          "option user: expected user and password together, found one of them");
    CHECK(refusal_of({{"password", me}, {"tls", true}}) ==
          "option user: expected user and password together, found one of them");
    CHECK(refusal_of({{"auth", std::string("plain")}, {"tls", true}}) ==
          "option auth: expected user and password as well, found neither");
    CHECK(refusal_of({{"ca_file", me}}) ==
          "option ca_file: expected tls or starttls as well, found none");
    CHECK(refusal_of({{"starttls", true}, {"key_file", me}}) ==
          "option key_file: expected cert_file as well, found none");
    CHECK(refusal_of({{"tls", true}, {"ca_file", std::string("/none")}}) ==
          "option ca_file: cannot use \"/none\": No such file or directory");
  }
}
