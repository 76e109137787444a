// A record that no output will ever take, kept for people to look at: the newest thousand, at most
// 4 MiB. Plain data.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"
#include "record/record.h"

namespace shoal::queue {

constexpr std::size_t max_dead_letters = 1000;
constexpr std::size_t max_dead_letter_bytes = 4 << 20;

struct DeadLetter {
  WallTime at;
  std::string output;
  std::string reason;
  std::string body;                      // encoded
  std::optional<record::Record> record;  // if this version can read it
};

}  // namespace shoal::queue
