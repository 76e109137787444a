#include "common/zabbix/frame.h"

#include <zlib.h>

#include <doctest/doctest.h>

using namespace shoal::zabbix;
using namespace std::string_literals;

namespace {

std::string bytes(std::uint64_t number, int width) {
  std::string text;
  for (int i = 0; i < width; ++i) text += static_cast<char>(number >> (8 * i) & 0xff);
  return text;
}

std::string frame(char flags, std::uint64_t size, std::uint64_t reserved,
                  const std::string& payload) {
  const int width = (flags & 4) != 0 ? 8 : 4;
  return "ZBXD"s + flags + bytes(size, width) + bytes(reserved, width) + payload;
}

std::string packed(const std::string& text) {
  std::string out(::compressBound(text.size()), '\0');
  uLongf size = out.size();
  REQUIRE(::compress(reinterpret_cast<Bytef*>(out.data()), &size,
                     reinterpret_cast<const Bytef*>(text.data()), text.size()) == Z_OK);
  out.resize(size);
  return out;
}

std::string fault_of(const std::string& received) {
  return read_reply(received).fault;
}

}  // namespace

TEST_SUITE("zabbix frames") {
  TEST_CASE("are written as the protocol has them") {
    CHECK(framed("agent.ping") == "ZBXD\x01\x0a\0\0\0\0\0\0\0agent.ping"s);
  }

  TEST_CASE("are whole with their last byte and not before") {
    const auto reply = framed("ZBX_NOTSUPPORTED\0Unsupported item key."s);

    for (std::size_t size = 0; size < reply.size(); ++size) {
      CHECK_FALSE(is_whole(std::string_view(reply).substr(0, size)));
    }

    CHECK(is_whole(reply));
    CHECK(reply.substr(0, 13) == "ZBXD\x01\x26\0\0\0\0\0\0\0"s);
    CHECK(read_reply(reply).text == "ZBX_NOTSUPPORTED\0Unsupported item key."s);
  }

  TEST_CASE("may be large, compressed, both, or followed by something") {
    const std::string value(5000, 'v');
    const auto small = packed(value);

    CHECK(read_reply(frame(5, 2, 0, "42")).text == "42");
    CHECK(read_reply(frame(3, small.size(), value.size(), small)).text == value);
    CHECK(read_reply(frame(7, small.size(), value.size(), small)).text == value);
    CHECK(read_reply(framed("42") + "more").text == "42");
    CHECK(read_reply(framed("")).text.empty());
    CHECK(fault_of(framed("")).empty());
  }

  TEST_CASE("are refused by their header alone") {
    const auto huge = frame(5, std::uint64_t{4} << 30, 0, "");
    const auto bomb = frame(3, 10, std::uint64_t{1} << 31, "");

    CHECK(is_whole(huge));
    CHECK(fault_of(huge) ==
          "expected at most 16777216 bytes, found a frame that claims 4294967296");
    CHECK(is_whole(bomb));
    CHECK(fault_of(bomb) ==
          "expected at most 16777216 bytes, found a frame that claims 2147483648");
    const auto allowed = framed("12345");
    CHECK(read_reply(allowed, 5).text == "12345");
    CHECK(is_whole(std::string_view(allowed).substr(0, 13), 4));
    CHECK(read_reply(allowed, 4).fault == "expected at most 4 bytes, found a frame that claims 5");
    for (const char flags : {'\x00', '\x02', '\x04', '\x09', '\x81'}) {
      CHECK(is_whole("ZBXD"s + flags));
      CHECK(fault_of("ZBXD"s + flags).starts_with("expected a frame's flags 1 to 7"));
    }
  }

  TEST_CASE("that end early or do not inflate as claimed are refused") {
    const auto small = packed("value");

    CHECK(fault_of("ZBX") == "the answer ended in the middle, after 3 bytes");
    CHECK(fault_of(framed("value").substr(0, 15)) ==
          "the answer ended in the middle, after 15 bytes");
    for (const std::uint64_t claimed : {0, 4, 6}) {
      CHECK(fault_of(frame(3, small.size(), claimed, small))
                .starts_with("expected a compressed answer of "));
    }
    CHECK_FALSE(fault_of(frame(3, 5, 5, "value")).empty());
    CHECK_FALSE(fault_of(frame(3, small.size() - 1, 5, small.substr(0, small.size() - 1))).empty());
  }
}

TEST_SUITE("zabbix answers without a frame") {
  TEST_CASE("are lines") {
    CHECK_FALSE(is_whole("42"));
    CHECK(is_whole("42\n"));
    CHECK(read_reply("42\nrest").text == "42");
    CHECK(read_reply("42").text == "42");
    CHECK(is_whole(std::string(65537, 'x')));
    CHECK(fault_of(std::string(65537, 'x')).starts_with("expected a frame or a line, found"));
  }

  TEST_CASE("tell TLS and silence apart") {
    CHECK(is_whole("\x15\x03"));
    CHECK(read_reply("\x15\x03\x03\0\x02\x02\x28"s).is_tls);
    CHECK_FALSE(read_reply("\x15").is_tls);
    CHECK_FALSE(is_whole(""));
    CHECK(read_reply("").is_none);
  }
}
