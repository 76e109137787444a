#include <cstdint>

#include <doctest/doctest.h>

#include "memory.h"
#include "support/loopback_server.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"

using shoal::test::hold;
using shoal::test::LoopbackServer;
using shoal::test::PluginFixture;
using shoal::test::recorded;
using shoal::test::say;
using Options = PluginFixture::OptionMap;

namespace {

Options at(const LoopbackServer& server, Options more = {}) {
  more.emplace("host", std::string("127.0.0.1"));
  more.emplace("port", server.port());
  return more;
}

// What is said of a server that says so and listens on, behind its name.
std::string words_of(const std::function<void(int)>& speak, Options options = {}) {
  const LoopbackServer server([&](int peer) {
    speak(peer);
    hold(peer);
  });
  PluginFixture plugin(at(server, std::move(options)));
  REQUIRE(plugin.reason.empty());
  const auto verdict = plugin.check();
  CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
  CHECK(plugin.emitted.empty());
  return verdict.text.substr(server.name().size() + 2);
}

std::string refusal_of(const Options& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

const Options briefly{{"timeout", std::int64_t{300}}};

}  // namespace

TEST_SUITE("ssh's Memory") {
  TEST_CASE("keeps what is in a piece that grows, and ends with what was not given back") {
    shoal::ssh::Memory memory;
    auto* const kept = static_cast<char*>(memory.allocate(4));
    void* const first = memory.allocate(1);
    void* const last = memory.allocate(0);
    std::string("text").copy(kept, 4);

    const auto* const grown = static_cast<char*>(memory.resize(kept, 100'000));
    memory.release(first);
    memory.release(last);
    memory.release(nullptr);

    CHECK(std::string(grown, 4) == "text");
    CHECK(memory.resize(nullptr, SIZE_MAX) == nullptr);
  }
}

// How it ends well is for a real server to show: a recorded one exchanges no keys.
TEST_SUITE("check ssh") {
  TEST_CASE("is CRITICAL when the server is silent, from the start or in the middle") {
    CHECK(words_of([](int) {}, briefly) == "handshake: no more came in time");
    CHECK(words_of([](int peer) { say(peer, recorded("banner-and-kexinit")); }, briefly) ==
          "handshake: no more came in time");
  }

  TEST_CASE("is CRITICAL when the server drips, or never stops before its banner") {
    const auto drip = [](int peer) {
      for (const char c : recorded("banner-and-kexinit")) say(peer, {&c, 1});
    };
    const auto flood = [](int peer) {
      while (say(peer, "220 not yet\r\n")) {
      }
    };

    CHECK(words_of(drip, briefly) == "handshake: no more came in time");
    CHECK(words_of(flood).starts_with("handshake: expected at most 1048576 bytes, found more"));
  }

  TEST_CASE("is CRITICAL when the server hangs up or speaks something else") {
    const LoopbackServer leaving([](int) {});
    const auto banner =
        recorded("banner-and-kexinit").substr(0, recorded("banner-and-kexinit").find('\n') + 1);

    PluginFixture plugin(at(leaving));
    CHECK(plugin.check().status == SHOAL_CHECK_CRITICAL);
    CHECK(words_of([&](int peer) {
            say(peer, banner + std::string(100'000, '\xff'));
          }).starts_with("handshake: "));
    CHECK(words_of([&](int peer) { say(peer, "SSH-2.0-" + std::string(100'000, 'x') + "\r\n"); },
                   briefly)
              .starts_with("handshake: "));
    CHECK(words_of(
              [&](int peer) {
                say(peer, banner + std::string("\0\0\0\x0c\x04\x14", 6) + std::string(10, '\0'));
              },
              briefly)
              .starts_with("handshake: "));
  }

  TEST_CASE("is CRITICAL, or WARNING on request, when nobody listens") {
    std::int64_t closed_port = 0;
    {
      const LoopbackServer gone(&hold);
      closed_port = gone.port();
    }
    const Options options{{"host", std::string("127.0.0.1")},
                          {"port", closed_port},
                          {"error_status", std::string("warning")}};
    PluginFixture plugin(options);

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_WARNING);
    CHECK(verdict.text == "127.0.0.1 port " + std::to_string(closed_port) + ": Connection refused");
  }

  TEST_CASE("is UNKNOWN when this host cannot even try") {
    PluginFixture plugin({{"host", std::string("fe80::1")}});  // of a link that it does not name

    CHECK(plugin.check().status == SHOAL_CHECK_UNKNOWN);
  }

  TEST_CASE("refuses half a login") {
    const std::string text = "x";

    CHECK(refusal_of({{"user", text}}) ==
          "option user: expected password or key_file as well, found neither");
    CHECK(refusal_of({{"password", text}}) ==
          "option user: expected one for the password or key_file, found none");
    CHECK(refusal_of({{"user", text}, {"password", text}, {"key_file", text}}) ==
          "option key_file: expected it or password, found both");
  }
}
