#include "config/text_file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/unique_fd.h"

namespace shoal::config {

TextFile read_text_file(const std::string& file) {
  constexpr std::size_t largest = 4U << 20;
  TextFile read;
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd) return {{}, "cannot be read: " + errno_text(errno)};
  std::array<char, 16384> chunk{};
  while (true) {
    const ssize_t count = ::read(fd.get(), chunk.data(), chunk.size());
    if (count == 0) return read;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {{}, "cannot be read: " + errno_text(errno)};
    read.text.append(chunk.data(), static_cast<std::size_t>(count));
    if (read.text.size() > largest) return {{}, "is larger than 4 MiB"};
  }
}

}  // namespace shoal::config
