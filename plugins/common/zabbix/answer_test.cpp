#include "common/zabbix/answer.h"

#include <doctest/doctest.h>

using namespace shoal::zabbix;
using namespace std::string_literals;
using Kind = Answer::Kind;

namespace {

Answer plain(const std::string& text) {
  return answer_of({.text = text, .fault = {}}, Protocol::plain);
}

Answer json(const std::string& text) {
  return answer_of({.text = text, .fault = {}}, Protocol::json);
}

}  // namespace

TEST_SUITE("zabbix answers") {
  TEST_CASE("are values without the line ends behind them") {
    CHECK(plain("1").text == "1");
    CHECK(plain("one\ntwo\r\n\n").text == "one\ntwo");
    CHECK(plain("").is_value());
  }

  TEST_CASE("say that an item is not supported, with and without a reason") {
    const auto told = plain("ZBX_NOTSUPPORTED\0Unsupported item key."s);
    CHECK(told.kind == Kind::not_supported);
    CHECK(told.reason() == "not supported: Unsupported item key.");
    CHECK(plain("ZBX_NOTSUPPORTED").reason() == "not supported: the agent does not say why");
    CHECK(plain("ZBX_NOTSUPPORTED\0two\nlines\n"s).text == "two lines");
    const auto cut = plain("ZBX_NOTSUPPORTED\0"s + std::string(999, 'x') + "é");
    CHECK(cut.text == std::string(999, 'x') + "...");
  }

  TEST_CASE("are numbers when they are nothing else") {
    CHECK(plain("42").number() == 42);
    CHECK(plain(" -1.5e3 \n").number() == -1500);
    for (const char* text : {"", "4 2", "4x", "nan", "inf", "0x10", "1e999"}) {
      CAPTURE(text);
      CHECK_FALSE(plain(text).number());
    }
    CHECK_FALSE(plain("ZBX_NOTSUPPORTED").number());
  }

  TEST_CASE("are told in short words") {
    CHECK(plain(" \n2.50 \r\n").words() == "2.50");
    CHECK(plain(std::string(50'000, '0') + "1").words() == std::string(40, '0') + "...");
    CHECK(plain(" two\nlines").words() == "\" two?lines\"");
    CHECK(plain(std::string(50'000, 'x')).words() == "\"" + std::string(80, 'x') + "...\"");
    CHECK(plain("").words() == "\"\"");
  }

  TEST_CASE("in JSON are of the first item") {
    CHECK(json(R"({"version":"7.0.0","variant":1,"data":[{"value":"1"}]})").text == "1");
    CHECK(json(R"({"data":[{"value":2.5}]})").text == "2.5");
    CHECK(json(R"({"data":[{"value":true}]})").text == "true");
    CHECK(json(R"({"data":[{"value":null}]})").kind == Kind::no_data);
    const auto refused = json(R"({"data":[{"error":"Unsupported item key."}]})");
    CHECK(refused.reason() == "not supported: Unsupported item key.");
    CHECK(json(R"({"version":"7.0.0","variant":1,"error":"no"})").reason() ==
          "damaged answer: the agent refuses the request: no");
  }

  TEST_CASE("in JSON that are something else are damaged") {
    for (const char* text : {"", "1", "[]", "{}", R"({"data":[]})", R"({"data":[1]})",
                             R"({"data":[{}]})", R"({"data":{"value":"1"}})", "{\"data\":"}) {
      CAPTURE(text);
      CHECK(json(text).kind == Kind::damaged);
    }
    for (const char* value : {"[]", "{}", "[1]", R"({"a":1})"}) {
      CAPTURE(value);
      CHECK(json(R"({"data":[{"value":)"s + value + "}]}").reason() ==
            "damaged answer: expected a text or number as the value");
    }
    CHECK(json("\"" + std::string(1 << 20, 'x') + "\"").reason() ==
          "damaged answer: expected at most 1048576 bytes of JSON, found 1048578");
  }

  TEST_CASE("in JSON may be as deep as they like") {
    constexpr std::size_t depth = 500'000;
    const auto nested = std::string(depth, '[') + std::string(depth, ']');

    for (const char* begin : {R"({"data":[{"value":)", R"({"data":[{"error":)"}) {
      CHECK(json(begin + nested + "}]}").kind == Kind::damaged);
    }
    CHECK(json("{\"data\":" + nested + "}").kind == Kind::damaged);
    CHECK(json("{\"error\":" + nested + "}").kind == Kind::damaged);
    CHECK(json(nested).kind == Kind::damaged);
  }

  TEST_CASE("of a peer that does not answer tell what to do") {
    const auto denied = answer_of(read_reply(""), Protocol::plain);
    CHECK(denied.kind == Kind::denied);
    CHECK(denied.reason().find("access denied? its Server= must list this host") !=
          denied.text.npos);
    CHECK(answer_of(read_reply("\x15\x03\x01"), Protocol::json).kind == Kind::tls_only);
    CHECK(answer_of(read_reply("ZBXD\x09"), Protocol::plain).kind == Kind::damaged);
  }
}

TEST_SUITE("zabbix requests") {
  TEST_CASE("are a key, or JSON around it") {
    CHECK(request_of("agent.ping", Protocol::plain, 3) == "agent.ping");
    CHECK(request_of("k[\"a\"]", Protocol::json, 3) ==
          R"({"data":[{"key":"k[\"a\"]","timeout":3}],"request":"passive checks"})");
  }

  TEST_CASE("in JSON are a key that is not supported to those who do not know them") {
    CHECK(knows_no_json({.text = "ZBX_NOTSUPPORTED\0Invalid item key format."s, .fault = {}}));
    CHECK_FALSE(knows_no_json({.text = R"({"data":[]})", .fault = {}}));
    CHECK(protocol_of("auto") == Protocol::automatic);
    CHECK_FALSE(protocol_of("AUTO"));
  }
}
