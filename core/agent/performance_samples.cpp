#include "agent/performance_samples.h"

#include <iterator>

namespace shoal::agent {

void add_performance_samples(std::vector<record::Record>& records) {
  std::vector<record::Record> samples;
  for (const record::Record& one : records) {
    const auto* result = std::get_if<record::CheckResult>(&one);
    if (result == nullptr) continue;
    samples.insert(samples.end(), result->samples.begin(), result->samples.end());
  }
  records.insert(records.end(), std::make_move_iterator(samples.begin()),
                 std::make_move_iterator(samples.end()));
}

}  // namespace shoal::agent
