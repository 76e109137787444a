#include <cmath>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "common/meminfo.h"
#include "common/proc_file.h"
#include "support/recorded.h"

TEST_SUITE("agrees_with_system") {
  TEST_CASE("memory is that of free -b") {
    const auto output = shoal::test::output_of("free -b");
    if (!output) return;
    const auto ours = shoal::common::parse_meminfo(shoal::common::ProcFile("/proc/meminfo").read());

    std::istringstream words(output->substr(output->find("Mem:") + 4));
    double total = 0, used = 0, free = 0, shared = 0, cache = 0, available = 0, swap_total = 0;
    std::string swap;
    words >> total >> used >> free >> shared >> cache >> available >> swap >> swap_total;

    CHECK(total == static_cast<double>(ours.total));
    CHECK(swap == "Swap:");
    CHECK(swap_total == static_cast<double>(ours.swap_total.value_or(0)));
    REQUIRE(ours.available);
    // Other processes come and go between the two readings.
    const double moment = std::fmax(total * 0.02, 256e6);
    CHECK(std::fabs(available - static_cast<double>(*ours.available)) < moment);
    CHECK(std::fabs(total - available - static_cast<double>(used_bytes(ours))) < moment);
  }
}
