// What the tests of the whole output share: an API that answers as recorded, and records.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/plugin_fixture.h"
#include "support/recorded.h"

namespace shoal::mackerel::test {

using shoal::test::PluginFixture;
using Verdicts = std::vector<std::uint8_t>;

inline constexpr std::int64_t second = 1'000'000'000;
inline constexpr std::uint8_t retry = SHOAL_VERDICT_RETRY;
inline constexpr std::uint8_t delivered = SHOAL_VERDICT_DELIVERED;
inline constexpr std::uint8_t rejected = SHOAL_VERDICT_REJECTED;

// An API that knows one host and answers as the recorded one does, unless told otherwise.
struct FakeApi {
  PluginFixture::OptionMap options{
      {"apikey", "k"}, {"apibase", "http://api.test/v9/"}, {"cloud_platform", "none"}};
  std::vector<std::string> calls;  // "POST /api/v0/tsdb"
  std::vector<HttpRequest> requests;
  std::deque<std::pair<std::string, HttpResponse>>
      exceptions;  // the next call of this is answered so

  HttpResponse answer(const HttpRequest& request) {
    const auto call = request.method + " " + request.url.substr(request.url.find("/api/v0"));
    calls.push_back(call);
    requests.push_back(request);
    if (!exceptions.empty() && exceptions.front().first == call) {
      const auto response = exceptions.front().second;
      exceptions.pop_front();
      return response;
    }
    if (call == "GET /api/v0/hosts/qTdrOJRBRY6") {
      return {200, 0, {}, shoal::test::recorded("host.json")};
    }
    const bool is_host = call == "POST /api/v0/hosts" || call.starts_with("PUT ");
    return {200, 0, {}, is_host ? R"({"id":"qTdrOJRBRY6"})" : R"({"success":true})"};
  }

  std::size_t count(std::string_view call) const {
    return static_cast<std::size_t>(std::count(calls.begin(), calls.end(), call));
  }
  HttpRequest last(std::string_view call) const {
    for (std::size_t i = calls.size(); i-- > 0;) {
      if (calls[i] == call) return requests[i];
    }
    return {};
  }
};

// The plugin, of a host that is registered already, against such an API.
struct Output {
  FakeApi& api;
  PluginFixture plugin{api.options};

  explicit Output(FakeApi& to) : api(to) {
    plugin.host_id = "qTdrOJRBRY6";
    plugin.http = [this](const HttpRequest& request) { return api.answer(request); };
  }
};

// The time of every record, unless told otherwise.
inline constexpr std::int64_t then = 1'800'000'000 * second;

struct Records {
  std::deque<shoal_sample> samples;
  std::deque<shoal_check_result> results;
  std::deque<shoal_metadata> metadata;
  std::deque<shoal_graph_definition> graphs;
  std::vector<shoal_record> all;

  Records& sample(std::string_view name, double value, std::string_view identifier = "") {
    samples.push_back({sizeof(shoal_sample),
                       SHOAL_ORIGIN_HOST,
                       text(name),
                       text(""),
                       {"", 0, sizeof(shoal_label)},
                       value,
                       then,
                       text(identifier)});
    shoal_record record{sizeof(shoal_record), SHOAL_RECORD_SAMPLE};
    record.sample = &samples.back();
    all.push_back(record);
    return *this;
  }
  Records& result(std::string_view name, std::uint32_t status, std::string_view message,
                  std::int64_t time_ns = then, std::string_view identifier = "") {
    results.push_back({sizeof(shoal_check_result),
                       status,
                       text(name),
                       text(message),
                       time_ns,
                       {"", 0, sizeof(shoal_sample)},
                       text(identifier)});
    shoal_record record{sizeof(shoal_record), SHOAL_RECORD_CHECK_RESULT};
    record.check_result = &results.back();
    all.push_back(record);
    return *this;
  }
  Records& value(std::string_view name, std::string_view json, std::int64_t time_ns = then) {
    metadata.push_back({sizeof(shoal_metadata), 0, text(name), text(json), time_ns});
    shoal_record record{sizeof(shoal_record), SHOAL_RECORD_METADATA};
    record.metadata = &metadata.back();
    all.push_back(record);
    return *this;
  }
  Records& graph(std::string_view name) {
    graphs.push_back({sizeof(shoal_graph_definition),
                      SHOAL_ORIGIN_CUSTOM,
                      text(name),
                      text(""),
                      text(""),
                      {"", 0, sizeof(shoal_graph_metric)}});
    shoal_record record{sizeof(shoal_record), SHOAL_RECORD_GRAPH_DEFINITION};
    record.graph_definition = &graphs.back();
    all.push_back(record);
    return *this;
  }
};

inline HttpResponse refusal(int status, std::uint32_t retry_after_ms = 0) {
  return {status, retry_after_ms, {}, R"({"error":{"message":"told so"}})"};
}

}  // namespace shoal::mackerel::test
