#include <string>

#include <doctest/doctest.h>

#include "common/proc_file.h"
#include "net_dev.h"
#include "support/recorded.h"

TEST_SUITE("agrees_with_system") {
  TEST_CASE("bytes of interfaces lie between two readings of sysfs") {
    const auto counter = [](std::string_view interface, const char* name) {
      return std::stoull(shoal::test::read_whole("/sys/class/net/" + std::string(interface) +
                                                 "/statistics/" + name));
    };
    shoal::common::ProcFile file("/proc/net/dev");
    std::size_t compared = 0;
    for (const auto& first : shoal::interface::parse_net_dev(file.read()).interfaces) {
      const std::string name(first.name);
      CAPTURE(name);
      const auto received = counter(name, "rx_bytes");
      const auto sent = counter(name, "tx_bytes");
      shoal::common::ProcFile again("/proc/net/dev");
      for (const auto& ours : shoal::interface::parse_net_dev(again.read()).interfaces) {
        if (ours.name != name) continue;
        ++compared;
        CHECK(received <= ours.received_bytes);
        CHECK(ours.received_bytes <= counter(name, "rx_bytes"));
        CHECK(sent <= ours.sent_bytes);
        CHECK(ours.sent_bytes <= counter(name, "tx_bytes"));
      }
    }
    MESSAGE("interfaces compared: ", compared);
  }
}
