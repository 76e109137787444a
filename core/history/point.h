// What the history gives back, and how it names things. Plain data.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "record/record.h"

namespace shoal::history {

// One sample; or, older than the writer keeps these, what five minutes of them came to.
struct Point {
  WallTime time;
  double value = 0;  // the mean
  double minimum = 0;
  double maximum = 0;

  bool operator==(const Point&) const = default;
};

struct Series {
  std::string unit;
  std::vector<Point> points;  // oldest first
};

// Older than the writer keeps each of them, only those that differ from the one before.
struct Result {
  WallTime time;
  record::Status status = record::Status::unknown;
  std::string text;

  bool operator==(const Result&) const = default;
};

struct Transition {
  WallTime time;
  std::string job;
  record::Status from = record::Status::unknown;
  record::Status to = record::Status::unknown;
  bool is_hard = true;
  std::string text;
  WallTime since;  // when the state `to` began

  bool operator==(const Transition&) const = default;
};

// "disk.reads{device=sda,mount=/}": the name with the labels folded in; a custom identifier counts
// as a label of that name.
std::string series_name(const record::Sample& sample);

}  // namespace shoal::history
