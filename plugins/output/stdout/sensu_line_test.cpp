#include "sensu_line.h"

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using shoal::text;
using shoal::stdout_output::append_sensu_line;

namespace {

constexpr std::int64_t second = 1'000'000'000;

std::string line_of(const shoal_sample& sample) {
  const shoal_record record{
      sizeof(shoal_record), SHOAL_RECORD_SAMPLE, &sample, nullptr, nullptr, nullptr, nullptr};
  std::string line;
  append_sensu_line(line, record);
  return line;
}

shoal_sample sample(std::string_view name, double value) {
  return {sizeof(shoal_sample),
          SHOAL_ORIGIN_HOST,
          text(name),
          text("float"),
          {nullptr, 0, sizeof(shoal_label)},
          value,
          1'800'000'060 * second + 999'999'999,
          text("")};
}

}  // namespace

TEST_SUITE("sensu line") {
  TEST_CASE("is name, value and whole seconds, parted by tabs") {
    CHECK(line_of(sample("loadavg5", 0.42)) == "loadavg5\t0.42\t1800000060\n");
  }

  TEST_CASE(
      "writes whole numbers without an exponent, and others so that they read back the same") {
    CHECK(line_of(sample("a", 100000)) == "a\t100000\t1800000060\n");
    CHECK(line_of(sample("a", 25276502016)) == "a\t25276502016\t1800000060\n");
    CHECK(line_of(sample("a", -3)) == "a\t-3\t1800000060\n");
    CHECK(line_of(sample("a", 1e300)) == "a\t1e+300\t1800000060\n");
    CHECK(line_of(sample("a", 0.1 + 0.2)) == "a\t0.30000000000000004\t1800000060\n");
  }

  TEST_CASE("folds labels into the name") {
    const shoal_label device{text("device"), text("/dev/sda")};
    auto labelled = sample("disk.reads", 1);
    labelled.labels = {&device, 1, sizeof device};

    CHECK(line_of(labelled) == "disk.reads._dev_sda\t1\t1800000060\n");
  }

  TEST_CASE("says nothing of other kinds") {
    const shoal_metadata metadata{sizeof(shoal_metadata), 0, text("packages"), text("{}"), 0};
    const shoal_record record{
        sizeof(shoal_record), SHOAL_RECORD_METADATA, nullptr, nullptr, nullptr, &metadata, nullptr};
    std::string line;
    append_sensu_line(line, record);

    CHECK(line.empty());
  }
}
