// Group http: what a network can answer. Plugins that never ask it pass without a question.

#include <array>

#include "conformance/tests.h"
#include "conformance/workbench.h"

namespace shoal::conformance {
namespace {

struct Case {
  const char* name;
  HttpAnswer answer;
};

std::string nested_json(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

std::string garbage(Trial& trial) {
  std::string bytes(2000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(trial.pick(256));
  return bytes;
}

std::vector<Case> cases(Trial& trial) {
  std::vector<Case> all{
      {"with 500", {.status = 500, .body = "internal error"}},
      {"with 503 and Retry-After", {.status = 503, .retry_after_ms = 30'000, .body = ""}},
      {"with 429 and Retry-After", {.status = 429, .retry_after_ms = 2'000, .body = "slow down"}},
      {"with 301", {.status = 301, .body = ""}},
      {"with 400", {.status = 400, .body = R"({"error":"bad"})"}},
      {"with 401", {.status = 401, .body = R"({"error":"who are you"})"}},
      {"with 403", {.status = 403, .body = ""}},
      {"with 404", {.status = 404, .body = "not found"}},
      {"with 413", {.status = 413, .body = ""}},
      {"with 204 and no body", {.status = 204, .body = ""}},
      {"with an unknown status", {.status = 799, .body = "?"}},
      {"with a status below all", {.status = -1, .body = ""}},
      {"with an empty body", {.body = ""}},
      {"with half a JSON object", {.body = R"({"id": "12)"}},
      {"with JSON of another shape", {.body = R"([1, {"id": null}, "x", 1e999])"}},
      {"with members of other types", {.body = R"({"id": {"id": []}, "success": "maybe"})"}},
      {"with deep JSON", {.body = nested_json(50'000)}},
      {"with HTML", {.body = "<!doctype html><html><body>login</body></html>"}},
      {"with zero bytes", {.body = std::string(100, '\0')}},
      {"with a body of 1 MiB", {.body = std::string(1 << 20, '{')}},
  };
  all.push_back({"with garbage", {.body = garbage(trial)}});
  for (const shoal_status outcome :
       {SHOAL_RETRY, SHOAL_DEADLINE, SHOAL_CANCELLED, SHOAL_CONFIG, SHOAL_FAILED}) {
    all.push_back({"with no answer", {.outcome = outcome}});
  }
  return all;
}

// The receiver's wish in seconds would be no wait at all.
void check_wait(Trial& trial, const HttpAnswer& answer, const CallResult& result) {
  if (answer.retry_after_ms < 1000 || result.retry_after_ms != answer.retry_after_ms / 1000) return;
  trial.find(Rule::deliver_times, "the network asks for {} ms, deliver() for {}: these are seconds",
             answer.retry_after_ms, result.retry_after_ms);
}

// A check that got no answer to any of its requests, and says OK.
void check_judgement(Trial& trial, const CallResult& result) {
  const bool is_unanswered =
      result.said.requests > 0 && result.said.unanswered_requests == result.said.requests;
  if (trial.subject().kind() != plugin::Kind::check || !is_unanswered) return;
  if (result.is_failure() || result.said.reports == 0) return;
  if (result.said.status != SHOAL_CHECK_OK) return;
  trial.find(Rule::report_unjudged, "check() reported OK, though no request was answered");
}

// An output that says delivered while every request fails.
void check_claims(Trial& trial, const char* name, const CallResult& result) {
  const bool asked_in_vain =
      result.said.requests > 0 && result.said.failed_requests == result.said.requests;
  if (trial.subject().kind() != plugin::Kind::output || result.is_failure()) return;
  if (!asked_in_vain || result.delivered == 0) return;
  trial.find(Rule::deliver_despite_failure,
             "{} records count as delivered, the network answered {}", result.delivered, name);
}

}  // namespace

void test_answers(Trial& trial) {
  Workbench bench(trial);
  for (const auto& [name, answer] : cases(trial)) {
    trial.under(Rule::http_answer, fmt::format("when the network answers {}", name));
    // From the start on, and from the first round on.
    bench.host().answer = answer;
    bench.host().forget_state();
    bench.live(2);

    bench.host().answer = {};
    DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
    instance.create();
    if (!instance.exists()) continue;
    instance.start();
    instance.round();
    bench.host().answer = answer;
    const auto result = instance.round();
    check_claims(trial, name, result);
    check_wait(trial, answer, result);
    check_judgement(trial, result);
    instance.stop();
  }
}

void test_changing_answers(Trial& trial) {
  Workbench bench(trial);
  trial.under(Rule::http_answer, "when the network answers differently each time");
  const auto all = cases(trial);
  DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
  instance.create();
  if (!instance.exists()) return;
  for (int i = 0; i < 60; ++i) {
    bench.host().answer = i % 4 == 0 ? HttpAnswer{} : all[trial.pick(all.size())].answer;
    if (i == 0) instance.start();
    instance.round({.attempt = static_cast<std::uint32_t>(1 + trial.pick(3))});
  }
  instance.stop();
}

}  // namespace shoal::conformance
