#include "run/nagios_perfdata.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace shoal;
using namespace shoal::run;

namespace {

using Texts = std::vector<std::string>;

Texts texts(const PerformanceData& parsed) {
  Texts all;
  for (const auto& [label, quantity] : parsed.data) {
    all.push_back(fmt::format("{}={:.15g}{}{}", label, quantity.value, quantity.unit,
                              quantity.is_counter ? " counter" : ""));
  }
  return all;
}

std::string expected(std::string_view what) {
  return fmt::format("performance data: expected {}", what);
}

}  // namespace

TEST_SUITE("Nagios performance data") {
  TEST_CASE("are read item by item, and what cannot be read costs only itself") {
    struct Row {
      std::string_view text;
      Texts data;
      Texts faults;
      std::uint64_t dropped;
    };
    const Row rows[] = {
        {"OK", {}, {}, 0},
        {"", {}, {}, 0},
        {"OK|", {}, {}, 0},
        {"OK | a=1", {"a=1"}, {}, 0},
        {"OK|a=1\n", {"a=1"}, {}, 0},
        {"OK|a=1\r\n", {"a=1"}, {}, 0},
        {"OK | load1=0.150;5.000;10.000;0; load5=0.2;4;6;0;", {"load1=0.15", "load5=0.2"}, {}, 0},
        {"OK | /=2643MB;5948;5958;0;5968", {"/=2771386368bytes"}, {}, 0},
        {"OK | time=0.0012s;;;0.000000;10.000000 size=615B;;;0",
         {"time=0.0012seconds", "size=615bytes"},
         {},
         0},
        {"OK | rta=0.045ms;100;500;0; pl=0%;20;60;0;100",
         {"rta=4.5e-05seconds", "pl=0percentage"},
         {},
         0},
        {"OK | t=250us u=3\u00b5s n=4ns",
         {"t=0.00025seconds", "u=3e-06seconds", "n=4e-09seconds"},
         {},
         0},
        {"OK | a=1KB b=2kB c=3KiB d=1GB e=1TB f=7bytes",
         {"a=1024bytes", "b=2048bytes", "c=3072bytes", "d=1073741824bytes", "e=1099511627776bytes",
          "f=7bytes"},
         {},
         0},
        {"OK | queries=105c", {"queries=105 counter"}, {}, 0},
        {"OK | speed=100Mb odd=3parsecs", {"speed=100", "odd=3"}, {}, 0},
        {"OK | procs=42;@10:20;~:10;0", {"procs=42"}, {}, 0},
        {"OK | a=U b=U;1;2 c=3", {"c=3"}, {}, 0},
        {"OK | a=U", {}, {}, 0},
        {"OK | 'C:\\ used'=5% 'it''s'=1 ''''=2", {"C:\\ used=5percentage", "it's=1", "'=2"}, {}, 0},
        {"OK | 'a=b'=1", {"a=b=1"}, {}, 0},
        {"OK | a=-1.5 b=+2 c=.5 d=5. e=1e3 f=1E-2s",
         {"a=-1.5", "b=2", "c=0.5", "d=5", "e=1000", "f=0.01seconds"},
         {},
         0},
        {"OK | a=1,5s b=2, c=3", {"a=1.5seconds", "b=2", "c=3"}, {}, 0},
        {"OK | a=5e b=5em", {"a=5", "b=5"}, {}, 0},
        {"OK | a=1 | b=2", {"a=1", "b=2"}, {}, 0},
        {"OK | a=1  \t b=2 ", {"a=1", "b=2"}, {}, 0},
        {"OK | a=1 oops b=2", {"a=1", "b=2"}, {expected(R"(label=value, got "oops")")}, 1},
        {"OK | a= b=2", {"b=2"}, {R"(performance data: "a": expected a number, got "")"}, 1},
        {"OK | =1 ''=2 b=3",
         {"b=3"},
         {expected(R"(label=value, got "=1")"), expected(R"(label=value, got "''=2")")},
         2},
        {"OK | 'open a=1", {"a=1"}, {expected(R"(label=value, got "'open")")}, 1},
        {"OK | 'a'b=1 c=2", {"c=2"}, {expected(R"(label=value, got "'a'b=1")")}, 1},
        {"OK | a=nan b=inf c=0x10 d=1",
         {"c=0", "d=1"},
         {R"(performance data: "a": expected a number, got "nan")",
          R"(performance data: "b": expected a number, got "inf")"},
         2},
        {"OK | a=1e400 b=1",
         {"b=1"},
         {R"(performance data: "a": expected a number, got "1e400")"},
         1},
        {"OK | a=1e308TB b=1",
         {"b=1"},
         {R"(performance data: "a": expected a number, got "1e308TB")"},
         1},
        {"OK | a=1-2 b=--1 c=1",
         {"a=1", "c=1"},
         {R"(performance data: "b": expected a number, got "--1")"},
         1},
        {"5 lines | 80% used of all", {}, {expected(R"(label=value, got none, from "80%" on)")}, 4},
    };

    for (const Row& row : rows) {
      CAPTURE(row.text);
      const PerformanceData parsed = parse_nagios_perfdata(row.text);

      CHECK(texts(parsed) == row.data);
      CHECK(parsed.faults == row.faults);
      CHECK(parsed.dropped == row.dropped);
    }
  }

  TEST_CASE("stand on the first line, and from the first bar of the later lines to the end") {
    const auto parsed = parse_nagios_perfdata(
        "DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n"
        "/ 15272 MB (77%);\n"
        "/boot 68 MB (69%); x=9\n"
        "/var/log 819 MB (84%); | /boot=68MB;88;93;0;98\n"
        "/home=69357MB;253404;253409;0;253414\n"
        "'/var/log'=818MB;970;975;0;980\n");

    CHECK(texts(parsed) == Texts{"/=2771386368bytes", "/boot=71303168bytes",
                                 "/home=72726085632bytes", "/var/log=857735168bytes"});
    CHECK(parsed.dropped == 0);
  }

  TEST_CASE("may begin on a later line only") {
    CHECK(texts(parse_nagios_perfdata("OK\nlong text\nmore | a=1\nb=2")) == Texts{"a=1", "b=2"});
  }

  TEST_CASE("are not believed to the end when the output was cut") {
    const auto parsed = parse_nagios_perfdata("OK | a=12 b=34", false);

    CHECK(texts(parsed) == Texts{"a=12"});
    CHECK(parsed.faults == Texts{R"(performance data: "b=34" was cut off)"});
    CHECK(parsed.dropped == 1);
  }

  TEST_CASE("name no more than the first few faults") {
    const auto parsed = parse_nagios_perfdata("OK | a=1 x x x x x x x x");

    CHECK(parsed.faults.size() == most_faults);
    CHECK(parsed.dropped == 8);
  }
}
