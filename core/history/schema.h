// The tables of the history file. Private to the history.
//
// Points lie in the order of time, not of series: a round then writes one page instead of one for
// each series, and reading one series reads them all, which is rare and takes milliseconds.
#pragma once

#include <cstdint>

#include "store/database.h"

namespace shoal::history {

enum class Kind : std::uint8_t { sample = 0, check = 1 };

// Makes the tables that are missing. Throws StoreError, of Fault::damaged if the file is another's
// or a newer version's.
void prepare_schema(store::Database& database);

}  // namespace shoal::history
