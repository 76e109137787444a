#include "digest.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <doctest/doctest.h>

#include "fake_slack_test.h"
#include "slack_text.h"

using namespace shoal::slack;
using namespace shoal::slack::test;

namespace {

const Scene scene{"host.test", "", then};

Items items_of(const Events& events) {
  Items items;
  for (std::uint32_t i = 0; i < events.all.size(); ++i) items.push_back({i, events.all[i].event});
  return items;
}

std::string padded(int number) {
  const auto digits = std::to_string(number);
  return std::string(4 - digits.size(), '0') + digits;
}

// How often each name stands in the lists.
std::map<std::string, int> names_in(const std::vector<Message>& messages) {
  std::map<std::string, int> names;
  for (const auto& message : messages) {
    for (const auto& attachment : message.attachments) {
      std::istringstream list(attachment.text);
      for (std::string name; std::getline(list, name, ',');) {
        ++names[name.substr(name.find_first_not_of(' '))];
      }
    }
  }
  return names;
}

std::size_t size_of(const Message& message) {
  std::size_t size = 0;
  for (const auto& one : message.attachments) size += character_count(one.text);
  return size;
}

}  // namespace

TEST_SUITE("digest") {
  TEST_CASE("names a thousand checks that fail together in a handful of messages") {
    Events events;
    for (int i = 0; i < 1000; ++i) events.fails("frontend-web-server-" + padded(i), "refused");

    const auto messages = digest_of(items_of(events), scene);

    CHECK(messages.size() == 3);
    CHECK(messages[0].text == "1000 events on host.test: 1000 CRITICAL (1 of 3)");
    CHECK(messages[2].text == "1000 events on host.test: 1000 CRITICAL (3 of 3)");
    const auto names = names_in(messages);
    CHECK(names.size() == 1000);
    CHECK(std::all_of(names.begin(), names.end(), [](const auto& it) { return it.second == 1; }));
    CHECK(names.count("frontend-web-server-0999") == 1);
  }

  TEST_CASE("tells each record in one message, and keeps to Slack's sizes") {
    Events events;
    for (int i = 0; i < 3000; ++i) events.fails("名前-" + padded(i) + std::string(40, 'n'));

    const auto messages = digest_of(items_of(events), scene);

    std::size_t told = 0;
    for (const auto& message : messages) {
      told += message.items.size();
      CHECK(size_of(message) <= 12'000);
      CHECK(message.attachments.size() <= 10);
      for (const auto& one : message.attachments) CHECK(character_count(one.text) <= 3'000);
    }
    CHECK(told == 3000);
  }

  TEST_CASE("has the first lines of the texts if they fit into one message") {
    Events events;
    for (int i = 0; i < 6; ++i) events.fails("web" + std::to_string(i), "a <b>\nmore");

    const auto messages = digest_of(items_of(events), scene);

    REQUIRE(messages.size() == 1);
    CHECK(messages[0].text == "6 events on host.test: 6 CRITICAL");
    REQUIRE(messages[0].attachments.size() == 1);
    CHECK(messages[0].attachments[0].title == "CRITICAL (6)");
    CHECK(messages[0].attachments[0].colour == "danger");
    CHECK(messages[0].attachments[0].text.starts_with("web0: a &lt;b&gt;\nweb1: a &lt;b&gt;\n"));
  }

  TEST_CASE("sorts by urgency and says what is over already") {
    Events events;
    events.add("check:a", SHOAL_CHECK_CRITICAL, SHOAL_CHECK_OK, "fine")
        .add("check:b", SHOAL_CHECK_OK, SHOAL_CHECK_WARNING, "slow")
        .add("check:c", SHOAL_CHECK_OK, SHOAL_CHECK_UNKNOWN, "what")
        .add("check:d", SHOAL_CHECK_CRITICAL, SHOAL_CHECK_CRITICAL, "still CRITICAL for 1h")
        .add("notify:ops", SHOAL_CHECK_OK, SHOAL_CHECK_OK, "deployed")
        .fails("e")
        .add("check:e", SHOAL_CHECK_CRITICAL, SHOAL_CHECK_OK, "up");

    const auto messages = digest_of(items_of(events), scene);

    REQUIRE(messages.size() == 1);
    CHECK(messages[0].text ==
          "7 events on host.test: 1 CRITICAL, 1 UNKNOWN, 1 WARNING, 2 OK, 1 notices, 1 messages");
    std::string texts;
    for (const auto& one : messages[0].attachments) texts += one.title + "|" + one.text + "\n";
    CHECK(texts ==
          "CRITICAL (1)|e (now OK): down\nUNKNOWN (1)|c: what\nWARNING (1)|b: slow\n"
          "OK (2)|a: fine\ne: up\nnotices (1)|d: still CRITICAL for 1h\n"
          "messages (1)|ops: deployed\n");
  }
}
