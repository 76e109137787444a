// The small values that go into the queue and come out of it. Plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "queue/accounts.h"
#include "record/record.h"

namespace shoal::queue {

// Grows with each record that is accepted; never 0.
using Id = std::uint64_t;
constexpr Id last_possible_id = std::numeric_limits<std::int64_t>::max();

// An output as the queue knows it, and a set of them.
enum class OutputBit : std::uint8_t {};
using OutputMask = std::uint32_t;
constexpr unsigned max_outputs = 31;
constexpr OutputMask mask_of(OutputBit output) {
  return OutputMask{1} << static_cast<unsigned>(output);
}

// A record and the outputs it is meant for.
struct Entry {
  record::Record record;
  OutputMask outputs = 0;
};

struct Item {
  Id id = 0;
  record::Record record;
};

// Which of the pending records to take: those with after < id <= upto, beginning at one end.
struct Selection {
  enum class Lane : std::uint8_t { oldest, newest };
  Lane lane = Lane::oldest;
  Id after = 0;
  Id upto = last_possible_id;
  std::size_t max_records = 1000;
  std::size_t max_bytes = 1 << 20;  // encoded; one record may be larger
};

// What an output decided about a record. The reason of a rejection goes to the dead letter.
struct Settlement {
  Id id = 0;
  Fate fate = Fate::delivered;
  std::string reason;
};

}  // namespace shoal::queue
