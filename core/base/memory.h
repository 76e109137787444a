// Gives memory back to the system that only the start has needed.
#pragma once

namespace shoal {

// Returns free heap, and lets go of the pages of program code and constants that are mapped from
// files: those that are used again come back from the page cache, at about a microsecond each. To
// be called once, when all that is seldom used has run. Any thread.
void give_back_memory();

}  // namespace shoal
