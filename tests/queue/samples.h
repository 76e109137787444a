// Records and shorthand for the queue's tests.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "queue/queue.h"

namespace shoal::test {

inline record::Record sample(double value) {
  return record::Sample{.name = "loadavg5", .unit = "float", .value = value};
}

inline double value_of(const queue::Item& item) {
  return std::get<record::Sample>(item.record).value;
}

inline std::vector<double> values_of(const std::vector<queue::Item>& items) {
  std::vector<double> values;
  for (const auto& item : items) values.push_back(value_of(item));
  return values;
}

// Appends samples of these values for `outputs`, all in one transaction.
inline void append(queue::Queue& queue, queue::OutputMask outputs,
                   std::initializer_list<double> values) {
  std::vector<queue::Entry> entries;
  for (const double value : values) entries.push_back({sample(value), outputs});
  queue.append(entries);
}

inline void settle_all(queue::Queue& queue, queue::OutputBit output,
                       const std::vector<queue::Item>& items,
                       queue::Fate fate = queue::Fate::delivered) {
  std::vector<queue::Settlement> settlements;
  for (const auto& item : items) settlements.push_back({item.id, fate, "because"});
  queue.settle(output, settlements);
}

using Values = std::vector<double>;

}  // namespace shoal::test
