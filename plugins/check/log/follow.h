// One round over log files: what is new in each, through rotation and truncation.
// Knows nothing of the SDK and keeps nothing: positions come in and go out, so that a round that
// fails leaves them as they were.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "log_file.h"

namespace shoal::log {

// Where a file that was never seen is begun.
enum class Start { end, beginning };

struct Manner {
  Start start = Start::beginning;
  LogFile::Take take;
  LogFile::GoOn go_on;
};

struct Outcome {
  std::vector<Position> positions;   // for the next round
  std::vector<std::string> missing;  // paths without a file
  std::vector<std::string> faults;   // files that could not be read, and why
  std::vector<std::string> notes;    // what may have been missed, for the log
};

// A file is known again by device and inode wherever it has gone within its folder, and read to its
// end; it stays known until the next rotation, for its writer may not have noticed yet. One that
// holds something else than it did is begun anew, after the rest of a copy of it. Files that came
// and were rotated away between two rounds are read too. Only whole lines count; the last line of a
// file that was moved counts without its end once it has not grown for a round.
Outcome follow(const std::vector<Position>& before, const std::vector<std::string>& paths,
               const Manner& manner);

}  // namespace shoal::log
