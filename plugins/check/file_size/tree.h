// The regular files below a directory and how large they are. Links are not followed, so nothing
// is met twice and nothing outside. Knows nothing of the SDK. Any thread; keeps nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace shoal::file_size {

constexpr std::size_t most_named = 10;

struct SizedFile {
  std::string path;  // from the directory on
  std::uint64_t bytes = 0;
  int badness = 0;
};

struct Tree {
  std::uint64_t files = 0;
  std::uint64_t total_bytes = 0;
  SizedFile largest;             // of all; no path if there is none
  int worst = 0;                 // how bad the worst is
  std::uint64_t bad_files = 0;   // not 0
  std::vector<SizedFile> bad;    // the worst first, and the largest of these; at most `most_named`
  std::uint64_t unreadable = 0;  // what could not be looked at
  std::vector<std::string> faults;  // "PATH: REASON" of the first of it, at most `most_named`
  bool is_stopped = false;          // before all was seen

  bool is_whole() const { return unreadable == 0 && !is_stopped; }
};

struct Extent {
  std::int64_t depth;                                  // 1: the files in the directory itself
  std::function<int(std::uint64_t bytes)> badness_of;  // 0: well; the more, the worse
};

// Asks `may_go_on` before each file. What vanishes meanwhile is left out. Throws std::system_error
// "DIRECTORY: errno's words" when the directory itself cannot be read.
Tree measure(const std::string& directory, const Extent& extent,
             const std::function<bool()>& may_go_on);

}  // namespace shoal::file_size
