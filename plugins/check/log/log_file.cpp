#include "log_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

#include <sys/stat.h>

namespace shoal::log {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{64} * 1024;
constexpr std::size_t longest_line = std::size_t{1024} * 1024;
constexpr std::uint64_t hashed_bytes = 256;

// FNV-1a: this is against chance, not against malice.
std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::string_view without_return(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// Hands over the whole lines of `text`; returns how much of it they were.
std::size_t take_lines(std::string_view text, std::size_t known_without_end,
                       const LogFile::Take& take) {
  std::size_t begin = 0;
  auto end = text.find('\n', known_without_end);
  for (; end != std::string_view::npos; end = text.find('\n', begin)) {
    take(without_return(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return begin;
}

}  // namespace

LogFile::LogFile(const std::string& path)
    : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
  struct stat status {};
  if (fd_ < 0 || ::fstat(fd_, &status) != 0) {
    const int error = errno;
    if (fd_ >= 0) ::close(fd_);
    throw std::system_error(error, std::generic_category(), path);
  }
  if (!S_ISREG(status.st_mode)) {
    ::close(fd_);
    throw std::runtime_error(path + ": is not a regular file");
  }
  identity_ = {status.st_dev, status.st_ino};
  size_ = static_cast<std::uint64_t>(status.st_size);
  modified_ns_ = status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec;
}

LogFile::~LogFile() {
  ::close(fd_);
}

std::string LogFile::read(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const auto got =
        ::pread(fd_, bytes.data() + filled, size - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::system_error(errno, std::generic_category(), path_);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

Position LogFile::mark(const std::string& path, std::uint64_t offset) const {
  const auto size = static_cast<std::size_t>(std::min(offset, hashed_bytes));
  Position position;
  position.identity = identity_;
  position.offset = offset;
  position.head_hash = hash_of(read(0, size));
  position.tail_hash = hash_of(read(offset - size, size));
  position.path = path;
  return position;
}

bool LogFile::holds(const Position& position) const {
  if (size_ < position.offset) return false;
  const auto now = mark(position.path, position.offset);
  return now.head_hash == position.head_hash && now.tail_hash == position.tail_hash;
}

std::uint64_t LogFile::read_lines(std::uint64_t offset, const Take& take, const GoOn& go_on) const {
  std::string text;  // from `offset`, without a line end so far
  while (go_on()) {
    const auto known = text.size();
    const auto more = read(offset + known, chunk_bytes);
    if (more.empty()) break;
    text += more;
    auto taken = take_lines(text, known, take);
    if (taken == 0 && text.size() >= longest_line) {
      take(text);
      taken = text.size();
    }
    text.erase(0, taken);
    offset += taken;
  }
  return offset;
}

std::uint64_t LogFile::last_line_begin() const {
  const auto size = std::min<std::uint64_t>(size_, chunk_bytes);
  const auto end = read(size_ - size, static_cast<std::size_t>(size));
  const auto line_end = end.rfind('\n');
  if (line_end != std::string::npos) return size_ - size + line_end + 1;
  return size_ > size ? size_ : 0;
}

std::string LogFile::rest(std::uint64_t offset) const {
  return read(offset, longest_line);
}

}  // namespace shoal::log
