// The first bytes of a stream; what comes after them is counted and thrown away, so that a command
// that prints without end costs no memory. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shoal::run {

class OutputCapture {
 public:
  explicit OutputCapture(std::size_t limit) : limit_(limit) {}

  void append(std::string_view bytes);

  // Gives up the last line kept if its rest was thrown away.
  void keep_whole_lines();

  const std::string& text() const { return text_; }
  bool is_complete() const { return lost_bytes_ == 0; }
  std::uint64_t lost_bytes() const { return lost_bytes_; }
  // Lines of which at least a part was lost.
  std::uint64_t lost_lines() const { return lost_line_ends_ + (is_lost_line_open_ ? 1 : 0); }

 private:
  void lose(std::string_view bytes);

  std::size_t limit_;
  std::string text_;
  std::uint64_t lost_bytes_ = 0;
  std::uint64_t lost_line_ends_ = 0;
  bool is_lost_line_open_ = false;
};

}  // namespace shoal::run
