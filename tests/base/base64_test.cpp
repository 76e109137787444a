#include "base/base64.h"

#include <array>
#include <string>
#include <utility>

#include <doctest/doctest.h>

using namespace shoal;

TEST_SUITE("base64") {
  // RFC 4648, section 10.
  constexpr std::array<std::pair<const char*, const char*>, 7> vectors{{{"", ""},
                                                                        {"f", "Zg=="},
                                                                        {"fo", "Zm8="},
                                                                        {"foo", "Zm9v"},
                                                                        {"foob", "Zm9vYg=="},
                                                                        {"fooba", "Zm9vYmE="},
                                                                        {"foobar", "Zm9vYmFy"}}};

  TEST_CASE("writes and reads the vectors of its standard") {
    for (const auto& [bytes, text] : vectors) {
      CHECK(to_base64(bytes) == text);
      CHECK(from_base64(text) == bytes);
    }
  }

  TEST_CASE("brings every byte back") {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);

    CHECK(from_base64(to_base64(bytes)) == bytes);
  }

  TEST_CASE("refuses what is not base64") {
    for (const auto* text : {"Zg", "Zg=", "Z=g=", "Zm9v=", "Zm9\n", "====", "Zm 9"}) {
      CAPTURE(text);
      CHECK_FALSE(from_base64(text).has_value());
    }
  }
}
