#include "common/per_device.h"

#include <memory>

#include <doctest/doctest.h>

#include "support/plugin_fixture.h"

namespace {

struct Probe {
  static constexpr std::size_t name_bytes = 5;
  Probe(shoal::Context& context, std::string_view label)
      : series(context.gauge("disk." + std::string(label), "bytes")) {}
  shoal::Series series;
};

// Emits 1 for each label it is given, if it may claim it.
class Claimant : public shoal::Metric {
 public:
  explicit Claimant(shoal::Context& context)
      : labels_(context.options().texts("/labels")), probes_(context) {}

  void collect(shoal::Round& round) override {
    probes_.begin_round();
    double order = 0;
    for (const auto& label : labels_) {
      ++order;
      if (const auto* probe = probes_.claim(label)) round.emit(probe->series, order);
    }
  }

 private:
  std::vector<std::string> labels_;
  shoal::common::PerDevice<Probe> probes_;
};

}  // namespace

SHOAL_PLUGIN(Claimant);

using shoal::test::PluginFixture;

TEST_SUITE("PerDevice") {
  TEST_CASE("gives a label to the first that claims it, each round anew") {
    PluginFixture plugin({{"labels", std::vector<std::string>{"a", "b", "a"}}});

    for (int round = 0; round < 2; ++round) {
      CHECK(plugin.collect() == SHOAL_OK);
      CHECK(plugin.emitted == std::map<std::string, double>{{"disk.a", 1}, {"disk.b", 2}});
    }
  }

  TEST_CASE("leaves out a label that makes no metric name, and says so once") {
    PluginFixture plugin(
        {{"labels", std::vector<std::string>{std::string(195, 'x'), std::string(196, 'y'), ""}}});

    CHECK(plugin.collect() == SHOAL_OK);
    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted.size() == 1);
    REQUIRE(plugin.logged.size() == 1);
    CHECK(plugin.logged[0] ==
          "left out a device whose name makes no metric name: \"" + std::string(196, 'y') + "\"");
  }
}
