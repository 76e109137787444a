#include "json_line.h"

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

#include "support/recorded.h"

using shoal::text;
using shoal::stdout_output::append_json_line;

namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr shoal_array none = {nullptr, 0, sizeof(shoal_label)};

shoal_record record_of(std::uint32_t kind) {
  shoal_record record{};
  record.size = sizeof(record);
  record.kind = kind;
  return record;
}

std::string line_of(const shoal_record& record) {
  std::string line;
  append_json_line(line, record);
  return line;
}

shoal_sample sample(std::string_view name, double value) {
  return {sizeof(shoal_sample),
          SHOAL_ORIGIN_CUSTOM,
          text(name),
          text(""),
          none,
          value,
          1'800'000'060'123 * millisecond + 456,
          text("")};
}

std::string line_of_check(std::string_view output) {
  const shoal_check_result result{sizeof(shoal_check_result),
                                  SHOAL_CHECK_CRITICAL,
                                  text("web"),
                                  text(output),
                                  0,
                                  none,
                                  text("")};
  auto record = record_of(SHOAL_RECORD_CHECK_RESULT);
  record.check_result = &result;
  return line_of(record);
}

}  // namespace

TEST_SUITE("json line") {
  TEST_CASE("has the shapes the README tells") {
    const shoal_label device{text("device"), text("/dev/sda")};
    auto full = sample("disk.reads", 0.5);
    full.labels = {&device, 1, sizeof device};
    full.unit = text("iops");
    full.origin = SHOAL_ORIGIN_HOST;
    full.custom_identifier = text("router");
    auto sample_record = record_of(SHOAL_RECORD_SAMPLE);
    sample_record.sample = &full;

    const auto took = sample("time", 3);
    const shoal_check_result result{
        sizeof(shoal_check_result),  SHOAL_CHECK_WARNING,     text("web"), text("slow \"again\"\n"),
        1'800'000'000 * millisecond, {&took, 1, sizeof took}, text("")};
    auto check_record = record_of(SHOAL_RECORD_CHECK_RESULT);
    check_record.check_result = &result;

    const shoal_label link{text("runbook"), text("https://wiki/web")};
    const shoal_event event{
        sizeof(shoal_event), SHOAL_CHECK_OK,      SHOAL_CHECK_CRITICAL,   1,
        text("e1"),          text("check:web"),   text("down"),           text("web@host"),
        2'000 * millisecond, 1'000 * millisecond, {&link, 1, sizeof link}};
    auto event_record = record_of(SHOAL_RECORD_EVENT);
    event_record.event = &event;

    const shoal_metadata metadata{sizeof(shoal_metadata), 0, text("packages"),
                                  text("{\n  \"a\": [1]\n}"), 5 * millisecond};
    auto metadata_record = record_of(SHOAL_RECORD_METADATA);
    metadata_record.metadata = &metadata;

    const shoal_graph_metric metric{sizeof(shoal_graph_metric), 1, text("*"), text("%1")};
    const shoal_graph_definition graph{sizeof(shoal_graph_definition),
                                       SHOAL_ORIGIN_CUSTOM,
                                       text("dice.#"),
                                       text("Dice"),
                                       text("integer"),
                                       {&metric, 1, sizeof metric}};
    auto graph_record = record_of(SHOAL_RECORD_GRAPH_DEFINITION);
    graph_record.graph_definition = &graph;

    CHECK(line_of(sample_record) + line_of(check_record) + line_of(event_record) +
              line_of(metadata_record) + line_of(graph_record) ==
          shoal::test::recorded("records.jsonl"));
  }

  TEST_CASE("stays one line of UTF-8, whatever a check printed") {
    const auto with_text = [](const std::string& escaped) {
      return R"({"kind":"check_result","time_ms":0,"name":"web","status":"CRITICAL","text":")" +
             escaped + "\"}\n";
    };
    CHECK(line_of_check("a\tb\r\x1b\x7f\\") == with_text("a\\u0009b\\u000d\\u001b\\u007f\\\\"));
    CHECK(line_of_check("caf\xC3\xA9 \xE9!") == with_text("caf\xC3\xA9 \xEF\xBF\xBD!"));
    CHECK(line_of_check("\xE6\x97") == with_text("\xEF\xBF\xBD\xEF\xBF\xBD"));
  }

  TEST_CASE("says nothing of a kind it does not know") {
    CHECK(line_of(record_of(99)).empty());
  }
}
