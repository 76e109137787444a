#include "common/folded_name.h"

#include <vector>

#include <doctest/doctest.h>

using shoal::text;
using shoal::common::folded_name;

namespace {

std::string folded(std::string_view name, const std::vector<shoal_label>& labels) {
  shoal_sample sample{};
  sample.name = text(name);
  sample.labels = {labels.data(), static_cast<std::uint32_t>(labels.size()), sizeof(shoal_label)};
  return folded_name(sample);
}

}  // namespace

TEST_SUITE("folded_name") {
  TEST_CASE("is the name where there are no labels") {
    CHECK(folded("loadavg5", {}) == "loadavg5");
  }

  TEST_CASE("adds a component for each label's value, in their order") {
    CHECK(folded("disk.reads", {{text("op"), text("merged")}, {text("dev"), text("/dev/sda1")}}) ==
          "disk.reads.merged._dev_sda1");
  }

  TEST_CASE("keeps a component for an empty value") {
    CHECK(folded("a", {{text("x"), text("")}, {text("y"), text("1.5")}}) == "a._.1_5");
  }
}
