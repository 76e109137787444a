// Whatever a command prints, its output is read without a crash and every sample is sound.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/utf8.h"
#include "run/check_samples.h"
#include "run/exec_output.h"

namespace {

void require(bool is_true) {
  if (!is_true) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shoal;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const WallTime now = from_unix_nanoseconds(1'800'000'000'000'000'000);
  const run::MetricRules rules{.use_plugin_timestamp = (data[0] & 1) != 0,
                               .metric_prefix = (data[0] & 2) != 0 ? "prefix" : ""};

  for (const auto& one : run::parse_metric_lines(text, rules, now, now).records) {
    const auto& sample = std::get<record::Sample>(one);
    require(record::name_fault(sample.name).empty() && std::isfinite(sample.value));
  }
  run::CheckSamples check("fuzz", std::chrono::minutes(1));
  for (int minute = 0; minute < 2; ++minute) {
    const auto past = std::chrono::minutes(minute);
    const auto samples = check.take(run::parse_nagios_perfdata(text, (data[0] & 4) != 0), rules,
                                    now + past, SteadyTime(past));
    for (const auto& one : samples.records) {
      const auto& sample = std::get<record::Sample>(one);
      require(record::name_fault(sample.name).empty() && std::isfinite(sample.value));
    }
  }
  run::parse_graph_definitions(text, rules.metric_prefix, now);
  run::parse_metadata(text, "fuzz", now);
  const std::string kept = run::check_text(text);
  require(kept.size() <= run::longest_check_text && to_utf8(kept, kept.size()) == kept);
  quoted(text, 100);
  return 0;
}
