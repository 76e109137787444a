#include "run/metric_formats.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace shoal;
using namespace shoal::run;

namespace {

constexpr std::int64_t now = 1'800'000'000;
constexpr WallTime scheduled = from_unix_nanoseconds(now * 1'000'000'000);

using Texts = std::vector<std::string>;
using Parser = ParsedOutput (*)(std::string_view, const MetricRules&, WallTime, WallTime);

// "name{key=value,...}=number", and "@seconds" unless that is the time of the round.
Texts texts(const ParsedOutput& parsed) {
  Texts all;
  for (const record::Record& one : parsed.records) {
    const auto& sample = std::get<record::Sample>(one);
    std::string labels;
    for (const auto& [key, value] : sample.labels) {
      labels += fmt::format("{}{}={}", labels.empty() ? "" : ",", key, value);
    }
    const std::int64_t seconds = unix_seconds(sample.time);
    all.push_back(fmt::format("{}{}={:.15g}{}", sample.name,
                              labels.empty() ? "" : "{" + labels + "}", sample.value,
                              seconds == now ? "" : fmt::format("@{}", seconds)));
  }
  return all;
}

struct Row {
  std::string_view text;
  Texts samples;
  Texts faults = {};
  std::uint64_t dropped = 0;
};

void check_rows(Parser parse, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const ParsedOutput parsed = parse(row.text, {}, scheduled, scheduled);

    CHECK(texts(parsed) == row.samples);
    CHECK(parsed.faults == row.faults);
    CHECK(parsed.dropped == row.dropped);
  }
}

void check_times(Parser parse, const std::vector<Row>& rows) {
  const MetricRules rules{.use_plugin_timestamp = true};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(texts(parse(row.text, rules, scheduled, scheduled)) == row.samples);
  }
}

}  // namespace

TEST_SUITE("graphite_plaintext") {
  TEST_CASE("is path, value and time") {
    check_rows(
        parse_graphite_plaintext,
        {{"", {}},
         {"\n\n", {}},
         {"a.b.c 1.5 1800000000\n", {"a.b.c=1.5"}},
         {"a.b\t2\t1800000000\r\n", {"a.b=2"}},
         {"a  3   1800000000", {"a=3"}},
         {"a 1e3 -1\nb -2 1800000000.5", {"a=1000", "b=-2"}},
         {"disk/used:x 1 1800000000", {"disk_used_x=1"}},
         {"cpu;host=web 1;core=0 5 1",
          {},
          {R"(line 1: expected path, value and time, got "cpu;host=web 1;core=0 5 1")"},
          1},
         {"cpu;host=web;core=0 5 1800000000", {"cpu{host=web,core=0}=5"}},
         {"cpu;host 5 1800000000\nok 1 1",
          {"ok=1"},
          {R"(line 1: expected path, value and time, got "cpu;host 5 1800000000")"},
          1},
         {"a x 1", {}, {R"(line 1: expected path, value and time, got "a x 1")"}, 1},
         {"a 1", {}, {R"(line 1: expected path, value and time, got "a 1")"}, 1},
         {"a 1 soon", {}, {R"(line 1: expected path, value and time, got "a 1 soon")"}, 1},
         {"a nan 1", {}, {R"(line 1: "a": expected a finite number, got nan)"}, 1},
         {"a 1 1\na 2 1", {"a=2"}, {R"(line 2: "a" again, the value before is replaced)"}, 1}});
  }

  TEST_CASE("has its own time if the section says so, and -1 is now") {
    check_times(
        parse_graphite_plaintext,
        {{"a 1 1799999990", {"a=1@1799999990"}}, {"a 1 -1", {"a=1"}}, {"a 1 1799990000", {}}});
  }
}

TEST_SUITE("influxdb_line") {
  TEST_CASE("is a measurement with tags, fields and a time") {
    check_rows(
        parse_influxdb_line,
        {{"", {}},
         {"# comment\n\n", {}},
         {"cpu idle=90.5", {"cpu.idle=90.5"}},
         {"cpu,host=a,core=0 idle=90,user=5i,n=7u 1800000000000000000\n",
          {"cpu.idle{host=a,core=0}=90", "cpu.user{host=a,core=0}=5", "cpu.n{host=a,core=0}=7"}},
         {"x a=t,b=true,c=F,d=FALSE", {"x.a=1", "x.b=1", "x.c=0", "x.d=0"}},
         {R"(x text="one, two=\" 3",a=1)", {"x.a=1"}},
         {R"(my\ disk,path=/a\,b\ c\=d used\ bytes=1)", {R"(my_disk.used_bytes{path=/a,b c=d}=1)"}},
         {"x a=1\r\n", {"x.a=1"}},
         {"x", {}, {R"(line 1: expected measurement, fields and time, got "x")"}, 1},
         {"x a", {}, {R"(line 1: expected measurement, fields and time, got "x a")"}, 1},
         {"x a=", {}, {R"(line 1: expected measurement, fields and time, got "x a=")"}, 1},
         {",t=1 a=1", {}, {R"(line 1: expected measurement, fields and time, got ",t=1 a=1")"}, 1},
         {"x,t a=1", {}, {R"(line 1: expected measurement, fields and time, got "x,t a=1")"}, 1},
         {"x,t= a=1", {}, {R"(line 1: expected measurement, fields and time, got "x,t= a=1")"}, 1},
         {"x a=1 soon",
          {},
          {R"(line 1: expected measurement, fields and time, got "x a=1 soon")"},
          1},
         {"x a=1 1 2",
          {},
          {R"(line 1: expected measurement, fields and time, got "x a=1 1 2")"},
          1},
         {R"(x a="open)",
          {},
          {R"(line 1: expected measurement, fields and time, got "x a=\"open")"},
          1},
         {"x a=one,b=2", {"x.b=2"}, {R"(line 1: "x.a": expected a number, got "one")"}, 1}});
  }

  TEST_CASE("has its own time if the section says so, in any unit") {
    check_times(parse_influxdb_line, {{"x a=1 1799999990", {"x.a=1@1799999990"}},
                                      {"x a=1 1799999990123", {"x.a=1@1799999990"}},
                                      {"x a=1 1799999990123456789", {"x.a=1@1799999990"}},
                                      {"x a=1", {"x.a=1"}},
                                      {"x a=1 5", {}}});
  }
}

TEST_SUITE("opentsdb_line") {
  TEST_CASE("is name, time, value and tags") {
    check_rows(parse_opentsdb_line,
               {{"", {}},
                {"sys.cpu 1800000000 42.5 host=web cpu=0\n", {"sys.cpu{host=web,cpu=0}=42.5"}},
                {"put sys.cpu 1800000000000 1 host=web", {"sys.cpu{host=web}=1"}},
                {"a 1800000000 1", {"a=1"}},
                {"a 1800000000 1 tag",
                 {},
                 {R"(line 1: expected name, time, value and tags, got "a 1800000000 1 tag")"},
                 1},
                {"a 1800000000 x t=1",
                 {},
                 {R"(line 1: expected name, time, value and tags, got "a 1800000000 x t=1")"},
                 1},
                {"a now 1 t=1",
                 {},
                 {R"(line 1: expected name, time, value and tags, got "a now 1 t=1")"},
                 1},
                {"a 1", {}, {R"(line 1: expected name, time, value and tags, got "a 1")"}, 1}});
  }

  TEST_CASE("has its own time if the section says so") {
    check_times(parse_opentsdb_line, {{"a 1799999990 1 t=1", {"a{t=1}=1@1799999990"}},
                                      {"a 1799999990123 1 t=1", {"a{t=1}=1@1799999990"}}});
  }
}

TEST_SUITE("prometheus_text") {
  TEST_CASE("is a name with labels and a value") {
    check_rows(
        parse_prometheus_text,
        {{"", {}},
         {"# HELP a words\n# TYPE a counter\na 1\n# EOF\n", {"a=1"}},
         {"http_requests_total{method=\"post\",code=\"200\"} 1027 1800000000000\n",
          {"http_requests_total{method=post,code=200}=1027"}},
         {"a{x=\"1\",} 2", {"a{x=1}=2"}},
         {"a {x = \"1\" , y=\"2\"} 2\r\n", {"a{x=1,y=2}=2"}},
         {"a{} 2", {"a=2"}},
         {"a{x=\"\"} 2", {"a=2"}},
         {R"(a{path="C:\\DIR\n\"q\""} 1)", {"a{path=C:\\DIR\n\"q\"}=1"}},
         {"node:cpu:rate5m 1e-7", {"node_cpu_rate5m=1e-07"}},
         {"x_bucket{le=\"+Inf\"} 3", {"x_bucket{le=+Inf}=3"}},
         {R"({"my.name","l.x"="v"} 1)", {"my.name{l.x=v}=1"}},
         {"a NaN", {}},
         {"a 1 # {trace_id=\"x\"} 0.5", {"a=1"}},
         {"a +Inf", {}, {R"(line 1: "a": expected a finite number, got inf)"}, 1},
         {"a", {}, {R"(line 1: expected name{labels} and value, got "a")"}, 1},
         {"{x=\"1\"} 1", {}, {R"(line 1: expected name{labels} and value, got "{x=\"1\"} 1")"}, 1},
         {"a{x=1} 1", {}, {R"(line 1: expected name{labels} and value, got "a{x=1} 1")"}, 1},
         {"a{x=\"1} 1", {}, {R"(line 1: expected name{labels} and value, got "a{x=\"1} 1")"}, 1},
         {"a{x=\"1\" 1", {}, {R"(line 1: expected name{labels} and value, got "a{x=\"1\" 1")"}, 1},
         {"a 1 soon", {}, {R"(line 1: expected name{labels} and value, got "a 1 soon")"}, 1},
         {"a 1 2 3", {}, {R"(line 1: expected name{labels} and value, got "a 1 2 3")"}, 1}});
  }

  TEST_CASE("has its own time if the section says so") {
    check_times(parse_prometheus_text,
                {{"a 1 1799999990123", {"a=1@1799999990"}}, {"a 1", {"a=1"}}});
  }
}

TEST_SUITE("metric formats") {
  constexpr Parser parsers[] = {parse_graphite_plaintext, parse_influxdb_line, parse_opentsdb_line,
                                parse_prometheus_text};

  TEST_CASE("follow the rules of the section") {
    const MetricRules rules{.include = Pattern("^keep"),
                            .exclude = Pattern("not$"),
                            .metric_prefix = "front",
                            .custom_identifier = "other"};

    const auto parsed =
        parse_prometheus_text("keep 1\nkeep_not 2\nother 3", rules, scheduled, scheduled);

    CHECK(texts(parsed) == Texts{"front.keep=1"});
    CHECK(std::get<record::Sample>(parsed.records[0]).custom_identifier == "other");
    CHECK(parsed.dropped == 0);
  }

  TEST_CASE("take no line and no labels that are too long") {
    const std::string longest(longest_metric_line + 1, 'x');
    for (const Parser parse : parsers) {
      CHECK(parse(longest, {}, scheduled, scheduled).faults ==
            Texts{"line 1: longer than 4096 bytes"});
    }
    const auto parsed =
        parse_prometheus_text("a{x=\"" + std::string(201, 'x') + "\"} 1", {}, scheduled, scheduled);
    CHECK(parsed.faults == Texts{R"(line 1: name "a" has a label longer than 200 bytes)"});
  }
}
