#include "plugin/round_report.h"

#include <utility>

namespace shoal::plugin {
namespace {

RoundReport tombstone() {
  return {CallStatus::cancelled, "abandoned", {}, 0};
}

// A check that fails or says nothing is never OK.
record::CheckResult judged(const Context& context, const Call& call, const RoundReport& report,
                           Context::Said& said) {
  record::CheckResult result;
  result.name = context.name();
  result.time = call.scheduled;
  result.custom_identifier = context.custom_identifier();
  if (report.status != CallStatus::ok && report.status != CallStatus::nothing) {
    result.text = report.reason;
  } else if (said.report) {
    result.status = said.report->status;
    result.text = std::move(said.report->text);
    result.samples = std::move(said.samples);
  } else {
    result.text = "the check reported nothing";
  }
  return result;
}

}  // namespace

RoundReport round_report(const Context& context, Kind kind, const Call& call, CallStatus status,
                         std::string reason, Context::Said said) {
  if (said.is_abandoned) return tombstone();
  RoundReport report{status, std::move(reason), {}, said.dropped};
  if (kind == Kind::check) {
    report.records.emplace_back(judged(context, call, report, said));
    return report;
  }
  report.records.reserve(said.samples.size());
  for (auto& sample : said.samples) report.records.emplace_back(std::move(sample));
  return report;
}

RoundReport act_report(CallStatus status, std::string reason, bool is_abandoned) {
  if (is_abandoned) return tombstone();
  return {status, std::move(reason), {}, 0};
}

}  // namespace shoal::plugin
