// Whatever a command prints, it is read in each format without a crash, and every sample is sound.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/utf8.h"
#include "run/metric_formats.h"

namespace {

void require(bool is_true) {
  if (!is_true) std::abort();
}

bool is_sound(const shoal::record::Sample& sample) {
  for (const auto& [key, value] : sample.labels) {
    if (key.empty() || !shoal::is_utf8(key) || !shoal::is_utf8(value)) return false;
  }
  return shoal::record::name_fault(sample.name).empty() && std::isfinite(sample.value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shoal;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const WallTime now = from_unix_nanoseconds(1'800'000'000'000'000'000);
  const run::MetricRules rules{.use_plugin_timestamp = (data[0] & 1) != 0,
                               .metric_prefix = (data[0] & 2) != 0 ? "prefix" : ""};
  for (const auto parse : {run::parse_graphite_plaintext, run::parse_influxdb_line,
                           run::parse_opentsdb_line, run::parse_prometheus_text}) {
    for (const auto& one : parse(text, rules, now, now).records) {
      require(is_sound(std::get<record::Sample>(one)));
    }
  }
  return 0;
}
