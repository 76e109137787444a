#include "common/proc_file.h"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace shoal::common {
namespace {

constexpr std::size_t first_size = 4096;
constexpr std::size_t longest_quote = 40;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { close(fd_); }

  // 0 at the end of the file.
  std::size_t read_some(char* to, std::size_t size, const std::string& path) const {
    for (;;) {
      const ssize_t got = ::read(fd_, to, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw std::system_error(errno, std::generic_category(), path);
    }
  }

 private:
  int fd_;
};

std::string quoted(std::string_view found) {
  std::string quote = "\"";
  for (const char c : found.substr(0, longest_quote)) quote += (c < ' ' || c > '~') ? '?' : c;
  return quote + (found.size() > longest_quote ? "...\"" : "\"");
}

}  // namespace

void refuse(const FileText& file, std::string_view expected, std::string_view found) {
  throw std::runtime_error(std::string(file.path) + ": expected " + std::string(expected) +
                           ", found " + (found.empty() ? "nothing" : quoted(found)));
}

ProcFile::ProcFile(std::string path, std::size_t limit) : path_(std::move(path)), limit_(limit) {}

FileText ProcFile::read() {
  const OpenFile file(path_);
  if (buffer_.empty()) buffer_.resize(first_size);

  std::size_t size = 0;
  while (const auto got = file.read_some(buffer_.data() + size, buffer_.size() - size, path_)) {
    size += got;
    if (size > limit_) {
      throw std::runtime_error(path_ + ": expected at most " + std::to_string(limit_) +
                               " bytes, found more");
    }
    if (size == buffer_.size()) buffer_.resize(2 * size);
  }
  return {path_, {buffer_.data(), size}};
}

}  // namespace shoal::common
