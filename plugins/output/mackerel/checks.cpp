#include "checks.h"

#include <algorithm>
#include <optional>

#include "payload.h"

namespace shoal::mackerel {
namespace {

constexpr std::size_t most_reports = 100;

// The API refuses others, and a whole request for one of them.
std::optional<std::string> fault_of(const shoal_check_result& result) {
  const auto name = view(result.name);
  if (is_api_name(name)) return std::nullopt;
  return "check " + std::string(name) + ": expected a name of [A-Za-z0-9_-]";
}

Report report_of(const shoal_check_result& result, std::string host_id, const CheckRules& rules) {
  return {std::move(host_id), view(result.name), result.status,
          view(result.text),  result.time_ns,    rules};
}

}  // namespace

void Checks::report(Account& account, Batch& batch) {
  log_.forget();
  std::vector<Report> reports;
  Indices settled;
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    if (batch[i].kind != SHOAL_RECORD_CHECK_RESULT) continue;
    const shoal_check_result& result = *batch[i].check_result;
    const auto identifier = std::string(view(result.custom_identifier));
    auto host_id = account.host_id(identifier, batch);
    if (const auto fault = fault_of(result)) {
      reject(batch, i, *fault);
    } else if (host_id.empty()) {
      reject(batch, i,
             "check " + std::string(view(result.name)) + " for custom_identifier " + identifier +
                 " is refused: the API knows no such host");
    } else {
      const auto rules = account.inventory().check(view(result.name));
      if (log_.note(result, rules)) reports.push_back(report_of(result, host_id, rules));
      settled.push_back(i);
    }
  }
  for (std::size_t first = 0; first < reports.size(); first += most_reports) {
    const auto count = std::min(most_reports, reports.size() - first);
    account.api().post(batch, "/api/v0/monitoring/checks/report",
                       reports_json({reports.data() + first, count}));
  }
  log_.commit();
  for (const auto i : settled) batch.deliver(i);
}

}  // namespace shoal::mackerel
