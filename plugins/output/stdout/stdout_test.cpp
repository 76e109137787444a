#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using shoal::text;
using shoal::test::PluginFixture;
using Verdicts = std::vector<std::uint8_t>;

namespace {

// What `body` prints on standard output.
template <class Body>
std::string printed_by(Body&& body) {
  const shoal::test::TemporaryDirectory directory;
  const auto path = directory.file("printed");
  std::fflush(stdout);
  const int terminal = dup(STDOUT_FILENO);
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  dup2(file, STDOUT_FILENO);
  close(file);
  body();
  dup2(terminal, STDOUT_FILENO);
  close(terminal);
  return shoal::test::read_whole(path);
}

const shoal_sample sample{sizeof(shoal_sample),
                          SHOAL_ORIGIN_HOST,
                          text("loadavg5"),
                          text("float"),
                          {nullptr, 0, sizeof(shoal_label)},
                          0.25,
                          1'800'000'060'000'000'000,
                          text("")};
const shoal_metadata metadata{sizeof(shoal_metadata), 0, text("packages"), text("[]"), 0};
const std::vector<shoal_record> records = {
    {sizeof(shoal_record), SHOAL_RECORD_SAMPLE, &sample, nullptr, nullptr, nullptr, nullptr},
    {sizeof(shoal_record), SHOAL_RECORD_METADATA, nullptr, nullptr, nullptr, &metadata, nullptr}};

}  // namespace

TEST_SUITE("stdout") {
  TEST_CASE("prints samples as sensu lines by default, and counts other records as delivered") {
    PluginFixture plugin;
    std::pair<shoal_status, Verdicts> outcome;

    const auto printed = printed_by([&] { outcome = plugin.deliver(records); });

    CHECK(printed == "loadavg5\t0.25\t1800000060\n");
    CHECK(outcome.first == SHOAL_OK);
    CHECK(outcome.second == Verdicts{SHOAL_VERDICT_DELIVERED, SHOAL_VERDICT_DELIVERED});
  }

  TEST_CASE("prints each record as JSON when asked to") {
    PluginFixture plugin({{"format", std::string("json")}});

    const auto printed = printed_by([&] { plugin.deliver(records); });

    CHECK(printed ==
          "{\"kind\":\"sample\",\"time_ms\":1800000060000,\"name\":\"loadavg5\",\"value\":0.25,"
          "\"unit\":\"float\",\"origin\":\"host\"}\n"
          "{\"kind\":\"metadata\",\"time_ms\":0,\"name\":\"packages\",\"value\":[]}\n");
  }

  TEST_CASE("refuses a format it does not know") {
    PluginFixture plugin({{"format", std::string("xml")}});

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason == "option format: expected \"sensu\" or \"json\", found \"xml\"");
  }
}
