#include <array>
#include <cstdio>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/fields.h"
#include "common/load_averages.h"
#include "common/proc_file.h"
#include "common/thresholds.h"

SHOAL_MANIFEST(R"({
  "id": "load",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether more processes run or wait to run than this host can bear",
  "options": {
    "warning": {"type": "string", "format": "thresholds", "required": true, "description": "over these loads of 1, 5 and 15 minutes it warns: \"5,4,3\"; one number stands for all three"},
    "critical": {"type": "string", "format": "thresholds", "required": true, "description": "over these it is critical"},
    "per_cpu": {"type": "boolean", "default": false, "description": "divide the load by the number of CPUs"},
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "load.*.loadavg1", "kind": "gauge", "unit": "float", "description": "over one minute, as judged"},
    {"name": "load.*.loadavg5", "kind": "gauge", "unit": "float", "description": "over five minutes"},
    {"name": "load.*.loadavg15", "kind": "gauge", "unit": "float", "description": "over fifteen minutes"}
  ]
})");

namespace {

using shoal::common::FileText;
using shoal::common::Plain;
using shoal::common::Threshold;
using shoal::common::Thresholds;

constexpr std::size_t average_count = 3;
constexpr std::array<const char*, average_count> minutes{"1", "5", "15"};

using Averages = std::array<double, average_count>;

// "5,4,3" for the three averages, or "5" for all of them.
std::array<std::string, average_count> parted(const std::string& option, const std::string& text) {
  std::array<std::string, average_count> parts;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin <= text.size(); ++count) {
    const auto end = std::min(text.find(',', begin), text.size());
    if (count < average_count) parts[count] = text.substr(begin, end - begin);
    begin = end + 1;
  }
  if (count == 1) parts[1] = parts[2] = parts[0];
  if (count != 1 && count != average_count) {
    throw shoal::Failure(
        "option " + option + ": expected one threshold or three, found \"" + text + "\"",
        SHOAL_CONFIG);
  }
  return parts;
}

std::array<Thresholds, average_count> read_thresholds(const shoal::Options& options) {
  std::array<Thresholds, average_count> all;
  const auto read = [&](const std::string& option, auto level) {
    const auto parts = parted(option, options.text("/" + option));
    for (std::size_t i = 0; i < average_count; ++i) {
      all[i].*level = Threshold::parse(parts[i], Plain::over);
      if (!(all[i].*level)) shoal::common::refuse_threshold(option, parts[i]);
    }
  };
  read("warning", &Thresholds::warning);
  read("critical", &Thresholds::critical);
  return all;
}

int count_cpus(const FileText& stat) {
  int count = 0;
  auto rest = stat.text;
  while (const auto line = shoal::common::take_line(rest)) {
    const bool is_one = line->substr(0, 3) == "cpu" && line->size() > 3 && (*line)[3] != ' ';
    count += is_one ? 1 : 0;
  }
  if (count == 0) shoal::common::refuse(stat, "a line for each CPU", stat.text);
  return count;
}

std::string to_text(const Averages& load) {
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "load average: %.2f, %.2f, %.2f", load[0], load[1],
                load[2]);
  return text.data();
}

class Load : public shoal::Check {
 public:
  explicit Load(shoal::Context& context)
      : thresholds_(read_thresholds(context.options())),
        is_per_cpu_(context.options().boolean("/per_cpu")),
        loadavg_(context.options().text("/proc", "/proc") + "/loadavg"),
        stat_(context.options().text("/proc", "/proc") + "/stat") {
    const auto prefix = shoal::common::check_prefix("load", context);
    for (std::size_t i = 0; i < average_count; ++i) {
      series_[i] = context.gauge(prefix + ".loadavg" + minutes[i], "float");
    }
  }

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto load = read();
    shoal::CheckVerdict verdict{SHOAL_CHECK_OK, to_text(load)};
    for (std::size_t i = 0; i < average_count; ++i) {
      round.emit(series_[i], load[i]);
      verdict.status = shoal::common::worse_of(verdict.status, thresholds_[i].status_of(load[i]));
    }
    if (is_per_cpu_) verdict.text += " per CPU";
    return verdict;
  }

 private:
  Averages read() {
    const double cpus = is_per_cpu_ ? count_cpus(stat_.read()) : 1;
    const auto load = shoal::common::parse_loadavg(loadavg_.read());
    return {load.one_minute / cpus, load.five_minutes / cpus, load.fifteen_minutes / cpus};
  }

  std::array<Thresholds, average_count> thresholds_;
  bool is_per_cpu_;
  shoal::common::ProcFile loadavg_;
  shoal::common::ProcFile stat_;
  std::array<shoal::Series, average_count> series_;
};

}  // namespace

SHOAL_PLUGIN(Load);
