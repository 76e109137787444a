// What becomes of a database file that is damaged: it is kept for people to look at, out of the
// way.
#pragma once

#include <string>

#include "base/clock.h"

namespace shoal::store {

// Renames the database and its -wal and -shm, as far as they exist, to PATH.damaged-TIME and
// returns that name. Only the newest three of them are kept. Nobody may have the database open.
// Throws std::system_error when the database cannot be renamed.
std::string set_aside(const std::string& path, WallTime now);

}  // namespace shoal::store
