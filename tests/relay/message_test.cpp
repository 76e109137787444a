// The files of testdata/ are what slackboard 0.10.4 posted to a webhook for these requests.
#include "relay/message.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/recorded.h"

using namespace shoal;
using namespace shoal::relay;
using nlohmann::json;

namespace {

const std::vector<config::RelayTag> tags{{.name = "ops"},
                                         {.name = "general", .channels = {"#general"}}};

Message message_of(const Reading& reading) {
  const auto* messages = std::get_if<std::vector<Message>>(&reading);
  REQUIRE(messages != nullptr);
  REQUIRE(messages->size() == 1);
  return messages->front();
}

std::string refusal_of(const Reading& reading) {
  const auto* refusal = std::get_if<Refusal>(&reading);
  return refusal == nullptr ? "(taken)" : refusal->reason;
}

json posted(const std::string& body) {
  return json::parse(message_of(read_notify(body, tags)).payload);
}

json recorded_json(const std::string& name) {
  return json::parse(test::recorded(name));
}

}  // namespace

TEST_SUITE("a message to a tag") {
  TEST_CASE("is what slackboard posts") {
    CHECK(posted(R"({"tag":"ops","text":"notification text!"})") == recorded_json("plain.json"));
    CHECK(posted(R"({"tag":"ops","text":"notification text!","level":"warn","sync":true})") ==
          recorded_json("warn.json"));
    CHECK(posted(R"({"tag":"general","text":"crit text","level":"crit","title":"a title"})") ==
          recorded_json("crit_with_title.json"));
    CHECK(posted(R"({"tag":"ops","text":"hello from cli\n","level":"crit","title":"T",)"
                 R"("host":"vm"})") == recorded_json("cli_crit_with_title.json"));
    const json log{{"tag", "ops"},
                   {"level", "crit"},
                   {"text",
                    "\nHost   : vm\nCommand: sh -c echo failing; exit 3\nOutput : failing\n"
                    "Error  : exit status 3\n"}};
    CHECK(posted(log.dump()) == recorded_json("log_crit.json"));
  }

  TEST_CASE("is written member by member as slackboard does, byte for byte") {
    const auto payload =
        message_of(
            read_notify(R"({"tag":"general","text":"crit text","level":"crit","title":"a title"})",
                        tags))
            .payload;

    CHECK(payload + "\n" == test::recorded("crit_with_title.json"));
  }

  TEST_CASE("goes to each channel of the tag") {
    const auto reading = read_notify(R"({"tag":"all","text":"hi"})",
                                     {{.name = "all", .channels = {"#a", "#b"}, .parse = "none"}});

    const auto& messages = std::get<std::vector<Message>>(reading);
    REQUIRE(messages.size() == 2);
    CHECK(json::parse(messages[0].payload)["channel"] == "#a");
    CHECK(json::parse(messages[1].payload)["channel"] == "#b");
    CHECK(json::parse(messages[1].payload)["parse"] == "none");
    CHECK(messages[1].job == "notify:all");
  }

  TEST_CASE("says more than JSON to outputs that are no webhook") {
    const auto message = message_of(
        read_notify(R"({"tag":"ops","text":"it\nburns","level":"warn","title":"web"})", tags));

    CHECK(message.job == "notify:ops");
    CHECK(message.text == "web\nit\nburns");
    CHECK(message.status == record::Status::warning);
  }

  TEST_CASE("may have a level that nobody knows") {
    CHECK(posted(R"({"tag":"ops","text":"notification text!","level":"loud"})") ==
          recorded_json("plain.json"));
  }

  TEST_CASE("is refused with what is wrong") {
    const auto refusal = [](std::string_view body) { return refusal_of(read_notify(body, tags)); };

    CHECK(refusal(R"({"tag":"x","text":"hi"})") == "tag:x is not found");
    CHECK(refusal("") == "Request-body is malformed: expected one JSON object in UTF-8");
    CHECK(refusal("{\"tag\":\"ops\",\"text\":\"\xff\"}") ==
          "Request-body is malformed: expected one JSON object in UTF-8");
    CHECK(refusal("[]") == "Request-body is malformed: expected an object");
    CHECK(refusal("{}") == "Request-body is malformed: text is missing");
    CHECK(refusal(R"({"text":"hi"})") == "Request-body is malformed: tag is missing");
    CHECK(refusal(R"({"tag":1,"text":"hi"})") ==
          "Request-body is malformed: tag: expected a string");
    CHECK(refusal(R"({"tag":"ops","text":"hi","sync":"yes"})") ==
          "Request-body is malformed: sync: expected true or false");
  }
}

TEST_SUITE("a message to a channel") {
  TEST_CASE("is what slackboard posts") {
    const auto message = message_of(read_notify_directly(
        R"({"payload":{"channel":"random","username":"bot","icon_emoji":":x:","parse":"full",)"
        R"("text":"direct text"},"sync":true})"));

    CHECK(message.payload + "\n" == test::recorded("directly.json"));
    CHECK(message.job == "notify-directly");
    CHECK(message.text == "direct text");
  }

  TEST_CASE("keeps its attachments") {
    const auto message = message_of(read_notify_directly(
        R"({"payload":{"channel":"#a","attachments":[{"color":"#123456","title":"T","text":"t",)"
        R"("fields":[{"title":"a","value":"b","short":true}],"unknown":1}]}})"));

    const json attachment = json::parse(message.payload)["attachments"][0];
    CHECK(attachment["color"] == "#123456");
    CHECK(attachment["fields"] == json::parse(R"([{"title":"a","value":"b","short":true}])"));
    CHECK(attachment["pretext"] == "");
    CHECK_FALSE(attachment.contains("unknown"));
    CHECK(message.text == "T\nt");
  }

  TEST_CASE("is refused with what is wrong") {
    const auto refusal = [](std::string_view body) {
      return refusal_of(read_notify_directly(body));
    };

    std::string many = "{}";
    for (int i = 0; i < 100; ++i) many += ",{}";
    CHECK(refusal(R"({"payload":{"attachments":[)" + many + "]}}") ==
          "Request-body is malformed: payload.attachments: expected at most 100 elements, found "
          "101");
    CHECK(refusal("{}") == "Request-body is malformed: payload is missing");
    CHECK(refusal(R"({"payload":[]})") == "Request-body is malformed: expected an object");
    CHECK(refusal(R"({"payload":{"channel":"#a"}})") ==
          "Request-body is malformed: payload has neither text nor attachments");
    CHECK(refusal(R"({"payload":{"text":"x","attachments":[{"fields":3}]}})") ==
          "Request-body is malformed: payload.attachments[0].fields: expected an array");
    CHECK(refusal(R"({"payload":{"text":"x","attachments":{}}})") ==
          "Request-body is malformed: payload.attachments: expected an array");
  }
}
