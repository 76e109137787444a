#include "payload.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/recorded.h"

using namespace shoal::consul;
using nlohmann::json;

TEST_SUITE("consul payload") {
  TEST_CASE("is what a real Consul took") {
    const auto recorded = json::parse(shoal::test::recorded("requests.json"));
    const Registration registration{"shoal:web", "web", "ask Ann", "shop", 60'000, 7'200'000};
    const Service service{"shop", "shop", {"eu"}, "", 8080};

    CHECK(json::parse(service_json(service, "shoal:")) == recorded["service"]);
    CHECK(json::parse(registration_json(registration, "passing")) == recorded["check"]);
    CHECK(json::parse(update_json("critical", "CRITICAL: 3 of 4 gone")) == recorded["update"]);
  }

  TEST_CASE("is JSON whatever a check says") {
    CHECK(update_json("passing", "\xff\"\n") ==
          "{\"Output\":\"\xef\xbf\xbd\\\"\\n\",\"Status\":\"passing\"}");
  }

  TEST_CASE("cuts at the end of a character, and says how much there was") {
    CHECK(cut("short", 5) == "short");
    CHECK(cut("0123456789012345678901234567890", 30) == "012345678901234 ... (31 bytes)");
    const std::string text = "a" + std::string(
                                       "\xe8\xaa\x9e\xe8\xaa\x9e\xe8\xaa\x9e\xe8\xaa\x9e"
                                       "\xe8\xaa\x9e\xe8\xaa\x9e\xe8\xaa\x9e\xe8\xaa\x9e");
    CHECK(cut(text, 21) == "a\xe8\xaa\x9e ... (25 bytes)");
    CHECK(cut(std::string(30, '\xff'), 20).size() == 20);
  }

  TEST_CASE("names the state where Consul's words do not") {
    CHECK(output_of(0, "fine", 0) == "fine");
    CHECK(output_of(2, "down", 2) == "down");
    CHECK(output_of(2, "down", 0) == "CRITICAL (not confirmed yet): down");
    CHECK(output_of(3, "no answer", 3) == "UNKNOWN: no answer");
    CHECK(output_of(3, "UNKNOWN - no answer", 3) == "UNKNOWN - no answer");
    CHECK(output_of(7, "odd", 3) == "UNKNOWN: odd");
  }

  TEST_CASE("maps the four states to three words") {
    CHECK(status_word(0, "critical") == "passing");
    CHECK(status_word(1, "critical") == "warning");
    CHECK(status_word(2, "warning") == "critical");
    CHECK(status_word(3, "warning") == "warning");
    CHECK(status_word(9, "critical") == "critical");
  }
}
