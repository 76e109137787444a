#include "line_writer.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include <shoal/plugin.hpp>

namespace shoal::stdout_output {
namespace {

constexpr int poll_ms = 100;

[[noreturn]] void fail(const std::string& name, int error) {
  throw Failure(name + ": " + std::generic_category().message(error), SHOAL_RETRY);
}

}  // namespace

void LineWriter::write(std::string_view lines, const std::function<bool()>& is_cancelled) {
  if (is_within_line_ && !lines.empty()) {
    write_all("\n" + std::string(lines), is_cancelled);
  } else {
    write_all(lines, is_cancelled);
  }
}

void LineWriter::write_all(std::string_view text, const std::function<bool()>& is_cancelled) {
  while (!text.empty()) {
    wait_for_room(is_cancelled);
    // A pipe that has room takes this much without blocking.
    const ssize_t written = ::write(fd_, text.data(), std::min(text.size(), std::size_t{PIPE_BUF}));
    if (written < 0 && errno != EINTR && errno != EAGAIN) fail(name_, errno);
    if (written <= 0) continue;
    const auto size = static_cast<std::size_t>(written);
    is_within_line_ = text[size - 1] != '\n';
    text.remove_prefix(size);
  }
}

void LineWriter::wait_for_room(const std::function<bool()>& is_cancelled) const {
  for (;;) {
    pollfd wanted{fd_, POLLOUT, 0};
    const int ready = poll(&wanted, 1, poll_ms);
    if (ready < 0 && errno != EINTR) fail(name_, errno);
    if (ready > 0 && (wanted.revents & POLLNVAL) != 0) fail(name_, EBADF);
    // The reader of a pipe is gone: writing would raise SIGPIPE.
    if (ready > 0 && (wanted.revents & POLLERR) != 0) fail(name_, EPIPE);
    if (ready > 0) return;
    if (is_cancelled()) throw Failure(name_ + ": nobody reads it", SHOAL_CANCELLED);
  }
}

}  // namespace shoal::stdout_output
