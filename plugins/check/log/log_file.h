// A log file that is read on from where it was left, and how it is known again after it was
// renamed, copied or written anew. Knows nothing of the SDK. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace shoal::log {

// Which file, whatever it is called now.
struct Identity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool operator==(const Identity&) const = default;
};

// How far a file was read, and enough of what it held to notice that it holds something else.
struct Position {
  Identity identity;
  std::uint64_t offset = 0;     // where the next line begins
  std::uint64_t head_hash = 0;  // of the first bytes
  std::uint64_t tail_hash = 0;  // of the last bytes before the offset
  bool is_moved = false;        // rotated away, and perhaps still written to
  std::string path;             // where it was found first

  bool operator==(const Position&) const = default;
};

class LogFile {
 public:
  // Is given each line without its end.
  using Take = std::function<void(std::string_view line)>;
  // Whether there is time to read on.
  using GoOn = std::function<bool()>;

  // Throws std::system_error with the path. Nothing that could hang a reader (a pipe, a device) is
  // opened: std::runtime_error.
  explicit LogFile(const std::string& path);
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile();

  const Identity& identity() const { return identity_; }
  std::uint64_t size() const { return size_; }  // when it was opened
  std::int64_t modified_ns() const { return modified_ns_; }

  // Whether everything up to the position is still there, as far as its hashes tell.
  bool holds(const Position& position) const;

  Position mark(const std::string& path, std::uint64_t offset) const;

  // Reads whole lines from `offset`; returns where the next one begins. A line beyond the longest
  // is taken in pieces.
  std::uint64_t read_lines(std::uint64_t offset, const Take& take, const GoOn& go_on) const;

  // Where a last line without an end begins; the size if there is none.
  std::uint64_t last_line_begin() const;

  // What stands from `offset` to the end.
  std::string rest(std::uint64_t offset) const;

 private:
  std::string read(std::uint64_t offset, std::size_t size) const;

  std::string path_;
  int fd_;
  Identity identity_;
  std::uint64_t size_ = 0;
  std::int64_t modified_ns_ = 0;
};

}  // namespace shoal::log
