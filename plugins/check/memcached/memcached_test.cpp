#include <sstream>

#include <doctest/doctest.h>

#include "support/loopback_server.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using shoal::test::hear;
using shoal::test::hold;
using shoal::test::LoopbackServer;
using shoal::test::PluginFixture;
using shoal::test::recorded;
using shoal::test::say;
using Options = PluginFixture::OptionMap;

namespace {

// The second line of a command.
std::string value_in(const std::string& command) {
  const auto begin = command.find("\r\n") + 2;
  return command.substr(begin, command.find("\r\n", begin) - begin);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// As it was recorded, with the value that was set in place of the recorded one.
void store(int peer) {
  const auto value = value_in(hear(peer));
  const auto answers = replaced(replaced(recorded("answers"), "hello", value), " 5\r",
                                " " + std::to_string(value.size()) + "\r");
  const auto end = answers.find('\n') + 1;
  say(peer, answers.substr(0, end));
  hear(peer);
  for (const char c : answers.substr(end)) say(peer, {&c, 1});
  hold(peer);
}

Options at(const LoopbackServer& server, Options more = {}) {
  more.emplace("host", std::string("127.0.0.1"));
  more.emplace("port", server.port());
  more.emplace("key", std::string("shoal"));
  return more;
}

shoal::CheckVerdict verdict_of(const Options& options) {
  PluginFixture plugin(options);
  REQUIRE(plugin.reason.empty());
  return plugin.check();
}

// What is said of a server that answers so.
std::string words_of(const std::vector<std::string>& answers, Options options = {}) {
  const LoopbackServer server([&](int peer) {
    for (const auto& answer : answers) {
      hear(peer);
      say(peer, answer);
    }
    hold(peer);
  });
  const auto verdict = verdict_of(at(server, std::move(options)));
  CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
  return verdict.text.substr(server.name().size() + 2);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream source(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(source, line);) lines.push_back(line + "\n");
  return lines;
}

}  // namespace

TEST_SUITE("check memcached") {
  TEST_CASE("is OK when it gets what it set, and judges the time") {
    const LoopbackServer server(&store);
    PluginFixture plugin(at(server));

    const auto verdict = plugin.check();

    CHECK(verdict.text.starts_with(server.name() + ": set and got \"shoal\" in "));
    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(plugin.emitted.at("memcached.probe_1.seconds") >= 0);
    CHECK(plugin.check().status == SHOAL_CHECK_OK);
    CHECK(verdict_of(at(server, {{"warning", std::string("0")}})).status == SHOAL_CHECK_WARNING);
    CHECK(verdict_of(at(server, {{"critical", std::string("60:")}})).status ==
          SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("sets another value each round, for a short time") {
    std::vector<std::string> heard;
    const LoopbackServer server([&](int peer) { heard.push_back(hear(peer)); });
    PluginFixture plugin(at(server));

    plugin.check();
    plugin.check();

    REQUIRE(heard.size() == 2);
    const auto value = value_in(heard[0]);
    CHECK(heard[0] == "set shoal 0 10 " + std::to_string(value.size()) + "\r\n" + value + "\r\n");
    CHECK(value != value_in(heard[1]));
  }

  TEST_CASE("tells what was answered in place of the value") {
    const auto refusals = lines_of(recorded("refusals"));
    const std::string stored = "STORED\r\n";

    CHECK(words_of({stored, refusals.at(0)}) == "get: expected the value just set, found none");
    CHECK(words_of({refusals.at(1)}) ==
          "set: expected STORED, got \"CLIENT_ERROR bad command line format\"");
    CHECK(words_of({refusals.at(2)}) == "set: expected STORED, got \"ERROR\"");
    CHECK(words_of({stored, refusals.at(2)}) == "get: expected VALUE, got \"ERROR\"");
    CHECK(words_of({stored, recorded("answers").substr(stored.size())})
              .starts_with("get: expected the value just set, \"shoal-"));
    CHECK(words_of({stored, "VALUE other 0 1\r\nx\r\nEND\r\n"}) ==
          "get: expected VALUE, got \"VALUE other 0 1\"");
  }

  TEST_CASE("stands hostile answers") {
    CHECK(words_of({std::string(100'000, 'x')}) ==
          "expected a line, found 2048 bytes without an end");
    CHECK(words_of({std::string("\x00\xff\n", 3)}) == "set: expected STORED, got \"??\"");
    CHECK(words_of({}, {{"timeout", std::int64_t{300}}}) == "no more came in time");
    const LoopbackServer leaving([](int peer) { hear(peer); });
    CHECK(verdict_of(at(leaving)).text == leaving.name() + ": the peer closed the connection");
    const LoopbackServer mild([](int peer) { say(peer, "no\n"); });
    CHECK(verdict_of(at(mild, {{"error_status", std::string("warning")}})).status ==
          SHOAL_CHECK_WARNING);
  }

  TEST_CASE("tells an absent unix socket from one that it cannot reach") {
    const shoal::test::TemporaryDirectory directory;
    directory.write("plain", "");
    const auto with = [](const std::string& path) {
      return verdict_of({{"key", std::string("k")}, {"socket", path}});
    };

    CHECK(with(directory.file("none.sock")).status == SHOAL_CHECK_CRITICAL);
    CHECK(with(directory.file("plain/below")).status == SHOAL_CHECK_UNKNOWN);
    CHECK(with(directory.file("plain/below")).text ==
          directory.file("plain/below") + ": Not a directory");
  }

  TEST_CASE("refuses options that cannot be read") {
    PluginFixture plugin({{"key", std::string("k")}, {"critical", std::string("late")}});

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option critical: expected a number or a range like \"10:20\", found \"late\"");
  }
}
