// What the tests of the whole output share: a Slack that answers as a test says, and events.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/plugin_fixture.h"

namespace shoal::slack::test {

using shoal::test::PluginFixture;
using Verdicts = std::vector<std::uint8_t>;

inline constexpr std::int64_t second = 1'000'000'000;
inline constexpr std::uint8_t retry = SHOAL_VERDICT_RETRY;
inline constexpr std::uint8_t delivered = SHOAL_VERDICT_DELIVERED;
inline constexpr std::uint8_t rejected = SHOAL_VERDICT_REJECTED;

// 2026-11-22 04:48:10 UTC.
inline constexpr std::int64_t then = 1'795'322'890 * second;

inline HttpResponse answer(int status, std::string body, std::uint32_t retry_after_ms = 0) {
  return {status, retry_after_ms, {}, std::move(body)};
}

// The plugin on the clock of `plugin.unix_ns`, and the webhook it posts to. Each post takes a
// second, so that nobody has to wait for a turn, unless told otherwise.
struct FakeSlack {
  PluginFixture plugin;
  std::deque<HttpResponse> answers;  // the next ones; "ok" when there are none
  std::vector<HttpRequest> requests;

  explicit FakeSlack(PluginFixture::OptionMap options = {}, const std::string& json = "{}")
      : plugin(with_webhook(std::move(options)), json) {
    plugin.unix_ns = then;
    plugin.host_name = "host.test";
    plugin.http = [this](const HttpRequest& request) { return take(request); };
  }

  static PluginFixture::OptionMap with_webhook(PluginFixture::OptionMap options) {
    options.emplace("webhook", "https://hooks.slack.test/services/T0/B0/secret");
    return options;
  }

  HttpResponse take(const HttpRequest& request) {
    requests.push_back(request);
    if (answers.empty()) return answer(200, "ok");
    auto response = answers.front();
    answers.pop_front();
    return response;
  }

  // Offers what has no verdict again a second later, as the host does.
  Verdicts deliver_until_settled(const std::vector<shoal_record>& records) {
    Verdicts verdicts(records.size(), retry);
    for (std::size_t round = 0; round < 3 * records.size(); ++round) {
      std::vector<std::size_t> open;
      std::vector<shoal_record> offered;
      for (std::size_t i = 0; i < records.size(); ++i) {
        if (verdicts[i] == retry) open.push_back(i);
      }
      for (const auto i : open) offered.push_back(records[i]);
      const auto answered = plugin.deliver(offered).second;
      for (std::size_t i = 0; i < open.size(); ++i) verdicts[open[i]] = answered[i];
      plugin.unix_ns += second;
    }
    return verdicts;
  }

  nlohmann::json body(std::size_t index) const {
    return nlohmann::json::parse(requests.at(index).body);
  }
  nlohmann::json last_body() const { return body(requests.size() - 1); }
};

struct Events {
  Events() = default;
  Events(Events&&) = default;  // the records point into what is moved along

  std::deque<std::string> texts;  // what the events borrow
  std::deque<std::vector<shoal_label>> links;
  std::deque<shoal_event> events;
  std::vector<shoal_record> all;

  shoal_text kept(std::string_view text) { return shoal::text(texts.emplace_back(text)); }

  Events& add(std::string_view job, std::uint32_t from, std::uint32_t to, std::string_view text,
              std::int64_t time_ns = then, std::int64_t since_ns = then,
              std::string_view dedupe_key = "") {
    events.push_back({sizeof(shoal_event),
                      from,
                      to,
                      1,
                      kept("event-" + std::to_string(all.size())),
                      kept(job),
                      kept(text),
                      kept(dedupe_key),
                      time_ns,
                      since_ns,
                      {nullptr, 0, sizeof(shoal_label)}});
    shoal_record record{};
    record.size = sizeof(shoal_record);
    record.kind = SHOAL_RECORD_EVENT;
    record.event = &events.back();
    all.push_back(record);
    return *this;
  }
  Events& fails(std::string_view name, std::string_view text = "down") {
    return add("check:" + std::string(name), SHOAL_CHECK_OK, SHOAL_CHECK_CRITICAL, text);
  }
  // Of the event added last.
  Events& link(std::string_view key, std::string_view value) {
    if (events.back().links.count == 0) links.emplace_back();
    auto& own = links.back();
    own.push_back({kept(key), kept(value)});
    events.back().links = {own.data(), static_cast<std::uint32_t>(own.size()), sizeof(shoal_label)};
    return *this;
  }
};

inline Events failing(std::string_view name) {
  Events events;
  events.fails(name);
  return events;
}

}  // namespace shoal::slack::test
