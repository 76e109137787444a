#include "common/base64.h"

#include <doctest/doctest.h>

using shoal::common::base64;

TEST_SUITE("base64") {
  TEST_CASE("pads what is no multiple of three") {
    CHECK(base64("") == "");
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64({"\0\xff\xfb\xef\xbe", 5}) == "AP/7774=");
  }
}
