#include "queue/writer_lock.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/file.h>

#include "base/error.h"

namespace shoal::queue {
namespace {

std::string owner(int fd) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  if (size <= 0) return "another process";
  const std::string_view pid(text.data(), static_cast<std::size_t>(size));
  return fmt::format("process {}", pid.substr(0, pid.find('\n')));
}

// Only for the words of an error, so a disk too full for them does not matter.
void sign(int fd) {
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) == 0) [[maybe_unused]]
    const auto n = ::pwrite(fd, pid.data(), pid.size(), 0);
}

}  // namespace

WriterLock::WriterLock(const std::string& path) {
  const std::string name = path + ".lock";
  fd_.reset(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd_) throw_errno("open " + name);
  if (::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) {
    sign(fd_.get());
    return;
  }
  if (errno != EWOULDBLOCK) throw_errno("lock " + name);
  throw Error(
      fmt::format("queue {}: expected to be its only user, {} has it open; "
                  "stop it, or give this one another --root",
                  path, owner(fd_.get())));
}

}  // namespace shoal::queue
