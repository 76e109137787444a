#include "wire_page.h"

#include <doctest/doctest.h>

#include "plugin/wire/messages.h"

using namespace shoal;
using namespace shoal::plugin;

TEST_SUITE("the example in docs/wire-protocol.md") {
  TEST_CASE("has frames that are sound and as long as they say") {
    const auto lines = test::wire_example();

    CHECK(lines.size() > 10);
    for (const auto& line : lines) {
      INFO(line.json);
      CHECK(line.length == line.json.size());
      if (line.is_from_agent) {
        CHECK_NOTHROW(wire::parse_from_agent(line.json));
      } else {
        CHECK_NOTHROW(wire::parse_from_plugin(line.json));
      }
    }
  }
}
