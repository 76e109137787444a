// What the tests of the whole output share: a Consul agent as far as the output can tell, and the
// records it is offered.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/plugin_fixture.h"

namespace shoal::consul::test {

using nlohmann::json;
using shoal::test::PluginFixture;
using Verdicts = std::vector<std::uint8_t>;

inline constexpr std::int64_t second = 1'000'000'000;
inline constexpr std::int64_t start_ns = 1'800'000'000 * second;
inline constexpr std::uint32_t ok = SHOAL_CHECK_OK;
inline constexpr std::uint32_t warning = SHOAL_CHECK_WARNING;
inline constexpr std::uint32_t critical = SHOAL_CHECK_CRITICAL;
inline constexpr std::uint32_t unknown = SHOAL_CHECK_UNKNOWN;
inline constexpr std::uint8_t retry = SHOAL_VERDICT_RETRY;
inline constexpr std::uint8_t delivered = SHOAL_VERDICT_DELIVERED;
inline constexpr std::uint8_t rejected = SHOAL_VERDICT_REJECTED;

// Answers as Consul 1.8 does, or as newer ones do.
struct FakeConsul {
  std::map<std::string, json> checks;
  std::map<std::string, json> services;
  bool is_new = false;
  std::vector<std::string> calls;  // "PUT /v1/agent/check/register"
  std::vector<HttpRequest> requests;
  // What is answered instead, if it answers.
  std::function<std::optional<HttpResponse>(const std::string& call)> instead;

  void forget() {
    checks.clear();
    services.clear();
  }
  std::size_t count(std::string_view call) const {
    return static_cast<std::size_t>(std::count(calls.begin(), calls.end(), call));
  }
  std::string status(const std::string& id) const { return member(id, "Status"); }
  std::string output(const std::string& id) const { return member(id, "Output"); }

  HttpResponse answer(const HttpRequest& request) {
    const auto path = request.url.substr(request.url.find("/v1/"));
    calls.push_back(request.method + " " + path);
    requests.push_back(request);
    if (instead) {
      if (const auto given = instead(calls.back())) return *given;
    }
    return respond(path, request.body);
  }

 private:
  std::string member(const std::string& id, const char* name) const {
    const auto found = checks.find(id);
    return found == checks.end() ? "none" : found->second.value(name, "");
  }
  HttpResponse respond(const std::string& path, const std::string& body) {
    const auto last = path.substr(path.rfind('/') + 1);
    if (path == "/v1/agent/checks") return {200, 0, {}, json(checks).dump()};
    if (path == "/v1/agent/services") return {200, 0, {}, json(services).dump()};
    if (path == "/v1/agent/check/register") return register_check(json::parse(body));
    if (path.starts_with("/v1/agent/check/update/")) return update(last, json::parse(body));
    if (path.starts_with("/v1/agent/check/deregister/")) {
      return checks.erase(decoded(last)) > 0 || !is_new ? done() : absent("Unknown check ID");
    }
    if (path == "/v1/agent/service/register") {
      const auto service = json::parse(body);
      services[service["ID"]] = service;
      return done();
    }
    if (path.starts_with("/v1/agent/service/deregister/")) {
      services.erase(decoded(last));
      std::erase_if(checks, [&](const auto& entry) {
        return entry.second.value("ServiceID", "") == decoded(last);
      });
      return done();
    }
    return {405, 0, {}, ""};
  }
  HttpResponse register_check(const json& check) {
    if (check.contains("ServiceID") && !services.contains(check["ServiceID"])) {
      return absent("ServiceID does not exist");
    }
    checks[check["ID"]] = check;
    return done();
  }
  HttpResponse update(const std::string& id, const json& body) {
    const auto found = checks.find(decoded(id));
    if (found == checks.end() || !found->second.contains("TTL")) {
      return absent("CheckID \"" + id + "\" does not have associated TTL");
    }
    found->second.update(body);
    return done();
  }
  static HttpResponse done() { return {200, 0, {}, ""}; }
  HttpResponse absent(const std::string& text) const { return {is_new ? 404 : 500, 0, {}, text}; }
  static std::string decoded(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool is_coded = text[i] == '%';
      result +=
          is_coded ? static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)) : text[i];
      if (is_coded) i += 2;
    }
    return result;
  }
};

inline HttpResponse refusal(int status, const std::string& body = "") {
  return {status, 0, {}, body};
}

struct Records {
  std::deque<std::string> texts;
  std::deque<shoal_check_result> results;
  std::deque<shoal_event> events;
  std::vector<shoal_record> all;

  shoal_text keep(std::string_view words) { return text(texts.emplace_back(words)); }

  Records& result(std::string_view name, std::uint32_t status, std::string_view words,
                  std::int64_t time_ns = start_ns) {
    results.push_back({sizeof(shoal_check_result),
                       status,
                       keep(name),
                       keep(words),
                       time_ns,
                       {"", 0, sizeof(shoal_sample)},
                       text("")});
    shoal_record record{sizeof(shoal_record), SHOAL_RECORD_CHECK_RESULT};
    record.check_result = &results.back();
    all.push_back(record);
    return *this;
  }
  Records& event(std::string_view job, std::uint32_t from, std::uint32_t to,
                 std::int64_t time_ns = start_ns, bool is_hard = true) {
    events.push_back({sizeof(shoal_event),
                      from,
                      to,
                      is_hard ? 1U : 0U,
                      keep("id"),
                      keep(job),
                      keep("words"),
                      text(""),
                      time_ns,
                      time_ns,
                      {"", 0, sizeof(shoal_label)}});
    shoal_record record{sizeof(shoal_record), SHOAL_RECORD_EVENT};
    record.event = &events.back();
    all.push_back(record);
    return *this;
  }
};

// The plugin, started, in an agent with the checks web and db.
struct Output {
  FakeConsul& consul;
  PluginFixture plugin;

  explicit Output(FakeConsul& peer, const PluginFixture::OptionMap& options = {})
      : consul(peer), plugin(with_address(options)) {
    configure({"web", "db"});
    plugin.http = [this](const HttpRequest& request) { return consul.answer(request); };
    plugin.start();
  }
  // As a reload does.
  void configure(const std::vector<std::string>& names, int attempts = 1) {
    static int reloads = 0;
    json jobs = json::array();
    jobs.push_back({{"kind", "agent"}, {"name", "shoal"}, {"configured_ns", ++reloads}});
    for (const auto& name : names) {
      jobs.push_back({{"kind", "check"},
                      {"name", name},
                      {"memo", "why " + name},
                      {"interval_ms", 60'000},
                      {"timeout_ms", 30'000},
                      {"max_check_attempts", attempts}});
    }
    plugin.jobs = jobs.dump();
  }
  std::pair<shoal_status, Verdicts> deliver(const Records& records) {
    return plugin.deliver(records.all);
  }
  // Time goes by; then one call, without records, as the agent makes it.
  shoal_status beat(std::int64_t after_ns) {
    plugin.unix_ns += after_ns;
    return plugin.deliver({}).first;
  }

  static PluginFixture::OptionMap with_address(PluginFixture::OptionMap options) {
    options.emplace("address", std::string("127.0.0.1:8500"));
    return options;
  }
};

}  // namespace shoal::consul::test
