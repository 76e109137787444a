#include "agent/round_text.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

namespace shoal::agent {
namespace {

constexpr std::size_t most_shown = 12;

struct RecordText {
  std::string operator()(const record::Sample& sample) const {
    return fmt::format("{}={:.12g}", sample.name, sample.value);
  }
  std::string operator()(const record::CheckResult& result) const {
    return fmt::format("{}: {}", record::status_name(result.status),
                       result.text.substr(0, result.text.find('\n')));
  }
  std::string operator()(const record::Event& event) const { return event.text; }
  std::string operator()(const record::Metadata& metadata) const {
    return fmt::format("{} bytes of JSON", metadata.json.size());
  }
  std::string operator()(const record::GraphDefinition& graph) const {
    return fmt::format("graph {}", graph.name);
  }
};

}  // namespace

std::string round_text(const run::Round& round) {
  std::string text = fmt::format("{:%H:%M:%S} {} {} {:.1f}ms",
                                 fmt::localtime(static_cast<time_t>(unix_seconds(round.scheduled))),
                                 round.job, run::outcome_name(round.outcome),
                                 std::chrono::duration<double, std::milli>(round.duration).count());
  if (!round.reason.empty()) text += " " + round.reason;
  std::size_t shown = 0;
  for (const record::Record& record : round.records) {
    if (++shown > most_shown) {
      return text + fmt::format(" and {} more", round.records.size() - most_shown);
    }
    text += " " + std::visit(RecordText{}, record);
  }
  return text;
}

}  // namespace shoal::agent
