#include "base/listen_address.h"

#include <doctest/doctest.h>

using namespace shoal;

TEST_SUITE("ListenAddress") {
  TEST_CASE("is read as it is written") {
    CHECK(parse_listen_address("127.0.0.1:29800") == ListenAddress{{}, "127.0.0.1", 29800});
    CHECK(parse_listen_address("[::1]:80") == ListenAddress{{}, "::1", 80});
    CHECK(parse_listen_address("localhost:80") == ListenAddress{{}, "127.0.0.1", 80});
    CHECK(parse_listen_address("unix:/run/relay.sock") == ListenAddress{"/run/relay.sock", {}, 0});
  }

  TEST_CASE("is nothing else") {
    for (const auto* text : {"", "29800", ":29800", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0",
                             "127.0.0.1:65536", "127.0.0.1:80x", "host.example:80", "::1:80",
                             "[127.0.0.1]:80", "unix:", "unix:relay.sock"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_listen_address(text));
    }
  }

  TEST_CASE("knows whether others can reach it") {
    for (const auto* text : {"127.0.0.1:1", "127.3.4.5:1", "[::1]:1", "unix:/run/relay.sock"}) {
      CHECK(parse_listen_address(text)->is_local());
    }
    CHECK_FALSE(parse_listen_address("0.0.0.0:1")->is_local());
    CHECK_FALSE(parse_listen_address("[::]:1")->is_local());
  }

  TEST_CASE("is written as it is read") {
    CHECK(to_text(*parse_listen_address("[::1]:80")) == "[::1]:80");
    CHECK(to_text(*parse_listen_address("10.0.0.1:80")) == "10.0.0.1:80");
    CHECK(to_text(*parse_listen_address("unix:/run/relay.sock")) == "/run/relay.sock");
  }
}
