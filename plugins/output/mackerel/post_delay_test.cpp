#include "post_delay.h"

#include <string>

#include <doctest/doctest.h>

using namespace shoal::mackerel;

namespace {

std::string hex(const std::array<std::uint8_t, 20>& digest) {
  std::string text;
  for (const auto byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

constexpr std::int64_t second = 1'000'000'000;

}  // namespace

TEST_SUITE("sha1") {
  TEST_CASE("agrees with the published vectors") {
    CHECK(hex(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(hex(sha1("")) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK(hex(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
          "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK(hex(sha1(std::string(1'000'000, 'a'))) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  }
}

TEST_SUITE("post delay") {
  TEST_CASE("is the second that mackerel-agent would choose") {
    CHECK(post_second("2AbCdEfGhIj") == 46);
    CHECK(post_second("22CXRB3pZmu") == 13);
    CHECK(post_second("2qqqqqqqqqq") == 1);
    CHECK(post_second("3Yr") == 45);
    CHECK(post_second("5Vz9xAbCdEf") == 21);
  }

  TEST_CASE("names the next such second, never the present one") {
    constexpr std::int64_t minute = 1'800'000'000 * second;  // a whole minute
    const auto next = [](std::int64_t now) { return next_post_ns("22CXRB3pZmu", now); };

    CHECK(next(minute) == minute + 13 * second);
    CHECK(next(minute + 13 * second - 1) == minute + 13 * second);
    CHECK(next(minute + 13 * second) == minute + 73 * second);
    CHECK(next(minute + 59 * second) == minute + 73 * second);
  }
}
