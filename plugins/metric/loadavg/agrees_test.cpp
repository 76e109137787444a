#include <string>

#include <doctest/doctest.h>

#include "common/load_averages.h"
#include "common/proc_file.h"
#include "support/recorded.h"

TEST_SUITE("agrees_with_system") {
  TEST_CASE("load averages are those of uptime") {
    const auto uptime = shoal::test::output_of("uptime");
    if (!uptime) return;
    const auto load = shoal::common::parse_loadavg(shoal::common::ProcFile("/proc/loadavg").read());

    const std::string label = "load average: ";
    const auto at = uptime->find(label);
    REQUIRE(at != std::string::npos);
    // Recomputed every five seconds, perhaps in between: at most one step of the average apart.
    CHECK(std::stod(uptime->substr(at + label.size())) ==
          doctest::Approx(load.one_minute).epsilon(0.2).scale(1));
  }
}
