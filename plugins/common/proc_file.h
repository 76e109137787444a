// Small files of the kernel (/proc, /sys), read whole, and how a parser says that one is not as it
// should be. Knows nothing of the SDK. Not thread-safe; each instance reads for itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shoal::common {

// A text and where it came from, so that a complaint can name the file. Borrowed.
struct FileText {
  std::string_view path;
  std::string_view text;
};

// Throws std::runtime_error "PATH: expected EXPECTED, found FOUND"; FOUND is shortened and escaped.
[[noreturn]] void refuse(const FileText& file, std::string_view expected, std::string_view found);

// A file that is read anew each round into the same buffer.
class ProcFile {
 public:
  static constexpr std::size_t default_limit = std::size_t{4} * 1024 * 1024;

  explicit ProcFile(std::string path, std::size_t limit = default_limit);

  // The whole file; valid until the next read(). Throws std::system_error "PATH: errno's words",
  // and std::runtime_error if the file is larger than the limit.
  FileText read();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::size_t limit_;
  std::vector<char> buffer_;
};

}  // namespace shoal::common
