// Keeps the process small: one heap for all threads, and back to the system what only the start has
// needed.
#pragma once

namespace shoal {

// Has all threads share one heap: ours allocate little, and each heap more keeps its own slack. To
// be called before the first thread starts.
void share_one_heap();

// Returns free heap, after much of it was used for once. Any thread.
void give_back_heap();

// The same, and lets go of the pages of program code and constants that are mapped from
// files: those that are used again come back from the page cache, at about a microsecond each. To
// be called once, when all that is seldom used has run. Any thread.
void give_back_memory();

}  // namespace shoal
