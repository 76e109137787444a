#include "run/exec_output.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace shoal;
using namespace shoal::run;

namespace {

constexpr WallTime scheduled = from_unix_nanoseconds(1'800'000'000'000'000'000);
constexpr WallTime finished = scheduled + std::chrono::seconds(5);

using Samples = std::vector<record::Sample>;
using Faults = std::vector<std::string>;

ParsedOutput parse(std::string_view text, const MetricRules& rules = {}) {
  return parse_metric_lines(text, rules, scheduled, finished);
}

Samples samples(const ParsedOutput& parsed) {
  Samples all;
  for (const record::Record& one : parsed.records) all.push_back(std::get<record::Sample>(one));
  return all;
}

record::Sample sample(std::string name, double value) {
  return {.name = std::move(name), .value = value, .time = scheduled};
}

std::string no_metric(int lines) {
  return fmt::format("{} lines, none of them a metric: name, value, time", lines);
}

}  // namespace

TEST_SUITE("metric lines") {
  TEST_CASE("are read as mackerel-agent reads them, or dropped and named") {
    struct Row {
      std::string_view text;
      Samples samples;
      Faults faults;
      std::uint64_t dropped;
    };
    const Row rows[] = {
        {"a.b\t1\t1700000000", {sample("a.b", 1)}, {}, 0},
        {"a.b\t1\t1700000000\n", {sample("a.b", 1)}, {}, 0},
        {"a.b\t1\t1700000000\r\n", {sample("a.b", 1)}, {}, 0},
        {"a.b 1 x", {sample("a.b", 1)}, {}, 0},
        {"  a.b   1   2   3 ", {sample("a.b", 1)}, {}, 0},
        {"a.b\u00a01\u30002", {sample("a.b", 1)}, {}, 0},
        {"a.b 1e21 5", {sample("a.b", 1e21)}, {}, 0},
        {"a.b 0x1p4 1", {sample("a.b", 16)}, {}, 0},
        {"a.b 1_0 1", {sample("a.b", 10)}, {}, 0},
        {"a.b 1 1\n\nc.d 2 1\n", {sample("a.b", 1), sample("c.d", 2)}, {}, 0},
        {"", {}, {}, 0},
        {"a.b 1", {}, {no_metric(1)}, 0},
        {"\n\n", {}, {no_metric(2)}, 0},
        {"a.b 0x10 1", {}, {R"(line 1: "a.b": expected a number, got "0x10")"}, 1},
        {"a.b NaN 1", {}, {R"(line 1: "a.b": expected a finite number, got "NaN")"}, 1},
        {"a.b +Inf 1", {}, {R"(line 1: "a.b": expected a finite number, got "+Inf")"}, 1},
        {"a.b 1e400 1", {}, {R"(line 1: "a.b": expected a number, got "1e400")"}, 1},
        {"a.b 1,5 1", {}, {R"(line 1: "a.b": expected a number, got "1,5")"}, 1},
        {"a.b -nan 1", {}, {R"(line 1: "a.b": expected a number, got "-nan")"}, 1},
        {"# x y", {}, {R"(line 1: "#": expected a number, got "x")"}, 1},
        {"ok 1 1\nsp<a>ce 2 5\n",
         {sample("ok", 1)},
         {R"(line 2: name "sp<a>ce" has characters outside [A-Za-z0-9_.-])"},
         1},
        {"a 1 1\nb 2 1\na 3 1\n",
         {sample("a", 3), sample("b", 2)},
         {R"(line 3: "a" again, the value before is replaced)"},
         1},
    };

    for (const Row& row : rows) {
      CAPTURE(row.text);
      const ParsedOutput parsed = parse(row.text);
      CHECK(samples(parsed) == row.samples);
      CHECK(parsed.faults == row.faults);
      CHECK(parsed.dropped == row.dropped);
    }
  }

  TEST_CASE("are kept by include, then dropped by exclude, on the name as printed") {
    const MetricRules rules{
        .include = Pattern("disk"), .exclude = Pattern("^disk\\.loop"), .metric_prefix = "loop"};

    const ParsedOutput parsed =
        parse("disk.sda 1 1\ndisk.loop0 2 1\ncpu 3 1\nmy.disk 4 1\n", rules);

    CHECK(samples(parsed) == Samples{sample("loop.disk.sda", 1), sample("loop.my.disk", 4)});
    CHECK(parsed.dropped == 0);
    CHECK(parsed.faults.empty());
  }

  TEST_CASE("carry the prefix and the identifier of their section") {
    const ParsedOutput parsed =
        parse("a 1 1", {.metric_prefix = "db.main", .custom_identifier = "rds-1"});

    const record::Sample one = samples(parsed).at(0);
    CHECK(one.name == "db.main.a");
    CHECK(one.custom_identifier == "rds-1");
    CHECK(one.origin == record::Origin::custom);
  }

  TEST_CASE("keep the plugin's own time if asked to and if it is near") {
    struct Row {
      std::string_view time;
      std::int64_t seconds;  // 0: dropped
      std::string_view expected;
    };
    const Row rows[] = {
        {"1800000000", 1'800'000'000, ""},
        {"+1799999106", 1'799'999'106, ""},
        {"1800000904", 1'800'000'904, ""},
        {"1799999105", 0, "less than 15 minutes from now"},
        {"1800000905", 0, "less than 15 minutes from now"},
        {"-5", 0, "less than 15 minutes from now"},
        {"1800000000.5", 0, "in seconds"},
        {"+-5", 0, "in seconds"},
        {"99999999999999999999", 0, "in seconds"},
    };

    for (const Row& row : rows) {
      CAPTURE(row.time);
      const ParsedOutput parsed =
          parse(fmt::format("a 1 {}", row.time), {.use_plugin_timestamp = true});

      if (row.seconds != 0) {
        CHECK(samples(parsed).at(0).time == WallTime{std::chrono::seconds{row.seconds}});
      } else {
        CHECK(parsed.records.empty());
        CHECK(parsed.faults == Faults{fmt::format("line 1: \"a\": expected a time {}, got \"{}\"",
                                                  row.expected, row.time)});
      }
    }
  }

  TEST_CASE("of one name at two times of the plugin's are two samples") {
    const ParsedOutput parsed =
        parse("a 1 1800000000\na 2 1800000060\n", {.use_plugin_timestamp = true});

    CHECK(parsed.records.size() == 2);
    CHECK(parsed.dropped == 0);
  }

  TEST_CASE("are counted all, but only the first five faults are told") {
    std::string text;
    for (int i = 0; i < 7; ++i) text += "a x 1\n";

    const ParsedOutput parsed = parse(text);

    CHECK(parsed.dropped == 7);
    CHECK(parsed.faults.size() == 5);
    CHECK(parsed.faults.back() == R"(line 5: "a": expected a number, got "x")");
  }

  TEST_CASE("that are too long cost only themselves") {
    const ParsedOutput parsed = parse(std::string(5000, 'x') + " 1 1\na 1 1\n");

    CHECK(samples(parsed) == Samples{sample("a", 1)});
    CHECK(parsed.faults == Faults{"line 1: longer than 4096 bytes"});
    CHECK(parsed.dropped == 1);
  }

  TEST_CASE("beyond the cap of a round are dropped and counted") {
    std::string text;
    for (int i = 0; i < 100'002; ++i) text += fmt::format("{} 1 1\n", i);
    text += "0 5 1\n";

    const ParsedOutput parsed = parse(text);

    CHECK(parsed.records.size() == 100'000);
    CHECK(parsed.faults.at(0) == "line 100001: more than 100000 samples");
    CHECK(parsed.dropped == 3);
    CHECK(std::get<record::Sample>(parsed.records.front()).value == 5);
  }
}

TEST_SUITE("check output") {
  TEST_CASE("takes the status from the exit code alone") {
    using record::Status;
    CHECK(check_status({.code = 0}) == Status::ok);
    CHECK(check_status({.code = 1}) == Status::warning);
    CHECK(check_status({.code = 2}) == Status::critical);
    CHECK(check_status({.code = 3}) == Status::unknown);
    CHECK(check_status({.code = 5}) == Status::unknown);
    CHECK(check_status({.code = -1}) == Status::unknown);
    CHECK(check_status({.by_signal = true, .code = 1}) == Status::unknown);
  }

  TEST_CASE("is kept as printed, at most 64 KiB, cut between characters") {
    CHECK(check_text("Web OK: 12 ms\n") == "Web OK: 12 ms\n");
    CHECK(check_text("caf\xE9") == "caf\xEF\xBF\xBD");

    const std::string text = check_text(std::string(65'535, 'x') + "\xC3\xA9");
    CHECK(text.size() == 65'535);
  }
}

TEST_SUITE("metadata output") {
  TEST_CASE("is one JSON value of any type, kept as printed") {
    for (const std::string_view json : {"{\"b\": 1, \"a\": 12345678901234567890}", "null", "[1]"}) {
      const ParsedOutput parsed = parse_metadata(fmt::format(" {}\n", json), "os", scheduled);

      CHECK(parsed.error == "");
      CHECK(std::get<record::Metadata>(parsed.records.at(0)) ==
            record::Metadata{.name = "os", .json = std::string(json), .time = scheduled});
    }
  }

  TEST_CASE("is refused when it is anything else") {
    CHECK(parse_metadata("", "os", scheduled).error ==
          "metadata: expected a JSON value, got nothing");
    CHECK(parse_metadata("{} x\n", "os", scheduled).error ==
          "metadata: expected a JSON value, got \"{} x\"");
    CHECK(parse_metadata("{} x", "os", scheduled).records.empty());
  }
}
