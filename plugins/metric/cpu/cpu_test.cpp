#include <numeric>

#include <doctest/doctest.h>

#include "cpu_times.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using namespace shoal::cpu;
using shoal::test::PluginFixture;
using shoal::test::recorded;

namespace {

CpuTimes times(const std::string& columns, const std::string& cpus = "cpu0 0 0 0 0\n") {
  return parse_stat({"stat", "cpu  " + columns + "\n" + cpus + "intr 12 0\n"});
}

}  // namespace

TEST_SUITE("cpu") {
  TEST_CASE("reads the first line and counts the CPUs after it") {
    const auto read = parse_stat({"stat",
                                  "cpu  10 2 3 400 5 6 7 8 9 1\n"
                                  "cpu0 5 1 1 200 2 3 3 4 4 0\n"
                                  "cpu3 5 1 2 200 3 3 4 4 5 1\n"
                                  "intr 225331 0 0\nctxt 405535\n"});

    CHECK(read.columns == 9);
    CHECK(read.cpus == 2);
    CHECK(read.ticks == decltype(read.ticks){10, 2, 3, 400, 5, 6, 7, 8, 9});
  }

  TEST_CASE("makes a hundred percent for each CPU, and takes guests out of user") {
    const std::string two = "cpu0 0 0 0 0\ncpu1 0 0 0 0\n";
    const auto shares = shares_between(times("100 0 100 1000 0 0 0 0 50 0", two),
                                       times("130 5 115 1140 2 3 4 1 70 3", two));

    // 30 + 5 + 15 + 140 + 2 + 3 + 4 + 1 = 200 ticks of two CPUs; guest is in user, guest_nice in
    // nice.
    const std::array<double, 9> expected = {10, 5, 15, 140, 2, 3, 4, 1, 20};
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(share_names[i]);
      CHECK(shares[i].value_or(-1) == doctest::Approx(expected[i]));
    }
  }

  TEST_CASE("says nothing of columns an old kernel lacks") {
    const auto four = shares_between(times("0 0 0 0"), times("25 0 25 50"));
    CHECK(four[0] == 25);
    CHECK(four[3] == 50);
    CHECK_FALSE(four[4]);

    const auto seven = shares_between(times("0 0 0 0 0 0 0"), times("25 0 25 20 10 10 10"));
    CHECK(seven[6] == 10);
    CHECK_FALSE(seven[7]);
    CHECK_FALSE(seven[8]);
  }

  TEST_CASE("leaves out a counter that went backwards, and keeps the others right") {
    const auto shares =
        shares_between(times("100 0 0 1000 900 0 0 0"), times("150 0 0 1050 899 0 0 0"));

    CHECK(shares[0] == 50);
    CHECK(shares[3] == 50);
    CHECK_FALSE(shares[4]);
  }

  TEST_CASE("clamps user to zero where guest is a rounded tick ahead") {
    const auto shares =
        shares_between(times("100 0 0 0 0 0 0 0 100"), times("150 0 0 49 0 0 0 0 151"));

    CHECK(shares[0] == 0);
    CHECK(shares[8].value_or(0) == 51);
  }

  TEST_CASE("says nothing when no time has passed") {
    const auto same = times("100 0 100 1000");

    for (const auto& share : shares_between(same, same)) CHECK_FALSE(share);
  }

  TEST_CASE("says what it found instead of CPU times") {
    const std::string expected =
        "/proc/stat: expected a first line \"cpu\" with at least four numbers, found ";
    const auto refused = [](std::string_view text) { return parse_stat({"/proc/stat", text}); };
    CHECK_THROWS_WITH(refused(""), (expected + "nothing").c_str());
    CHECK_THROWS_WITH(refused("cpu  12 3 4"), (expected + "\"cpu  12 3 4\"").c_str());
    CHECK_THROWS_WITH(refused("cpu  12 x 4 5"), (expected + "\"cpu  12 x 4 5\"").c_str());
    CHECK_THROWS_WITH(refused("\x01\x02 3 4 5"), (expected + "\"?? 3 4 5\"").c_str());
    CHECK_THROWS_WITH(refused("cpu  1 2 3 4\nintr 5\n"),
                      "/proc/stat: expected a line \"cpu0\" after the first, found \"intr 5?\"");
  }

  TEST_CASE("emits nothing in the first round, then what a recorded host did meanwhile") {
    const shoal::test::TemporaryDirectory proc;
    PluginFixture plugin({{"proc", proc.path().string()}});

    proc.write("stat", recorded("first/stat"));
    CHECK(plugin.collect() == SHOAL_OK);
    CHECK(plugin.emitted.empty());

    proc.write("stat", recorded("second/stat"));
    CHECK(plugin.collect() == SHOAL_OK);

    CHECK(plugin.emitted.size() == 9);
    CHECK(plugin.kinds.at("cpu.idle.percentage") == SHOAL_INTERVAL);
    const auto total =
        std::accumulate(plugin.emitted.begin(), plugin.emitted.end(), 0.0,
                        [](double sum, const auto& point) { return sum + point.second; });
    CHECK(total == doctest::Approx(200));
  }
}
