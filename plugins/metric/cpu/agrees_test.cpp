#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "common/proc_file.h"
#include "cpu_times.h"
#include "support/recorded.h"

namespace {

// The number on the line of `vmstat -s` that ends in `label`.
double told(const std::string& output, const std::string& label) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with(" " + label)) return std::stod(line);
  }
  return -1;
}

}  // namespace

TEST_SUITE("agrees_with_system") {
  TEST_CASE("CPU times are those of vmstat -s") {
    const auto output = shoal::test::output_of("vmstat -s");
    if (!output) return;
    const auto ours = shoal::cpu::parse_stat(shoal::common::ProcFile("/proc/stat").read());

    const std::array<const char*, 8> labels = {
        "non-nice user cpu ticks", "nice user cpu ticks", "system cpu ticks",  "idle cpu ticks",
        "IO-wait cpu ticks",       "IRQ cpu ticks",       "softirq cpu ticks", "stolen cpu ticks"};
    // All CPUs together spend a hundred ticks a second; the readings are less than two seconds
    // apart.
    const double moment = 200.0 * ours.cpus;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      CAPTURE(labels[i]);
      const double theirs = told(*output, labels[i]);
      CHECK(theirs >= 0);
      CHECK(std::abs(static_cast<double>(ours.ticks[i]) - theirs) <= moment);
    }
  }
}
