// Records as bytes, for the queue: compact, little-endian, with a format number in front, so that a
// newer host reads what an older one stored. docs/record-encoding.md has the grammar.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "record/record.h"

namespace shoal::record {

// Appends the encoding of `record` to `bytes`.
void encode(const Record& record, std::string& bytes);

// Reads what encode() wrote. Empty if the bytes are of an unknown format or damaged in any way;
// never reads outside `bytes` and never allocates more than they could hold.
std::optional<Record> decode(std::string_view bytes);

}  // namespace shoal::record
