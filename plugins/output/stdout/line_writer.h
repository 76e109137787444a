// Lines onto a file descriptor that may be a terminal, a pipe or a file, and may be slow. Not
// thread-safe; borrows the descriptor.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace shoal::stdout_output {

class LineWriter {
 public:
  // `name` is for messages: "stdout".
  LineWriter(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  // Writes all of `lines`, waiting for a slow reader until `is_cancelled`. Throws shoal::Failure:
  // SHOAL_RETRY "NAME: errno's words", or SHOAL_CANCELLED. What was written before that stays; if
  // it ends within a line, the next write begins on a new one.
  void write(std::string_view lines, const std::function<bool()>& is_cancelled);

 private:
  void write_all(std::string_view text, const std::function<bool()>& is_cancelled);
  void wait_for_room(const std::function<bool()>& is_cancelled) const;

  int fd_;
  std::string name_;
  bool is_within_line_ = false;
};

}  // namespace shoal::stdout_output
