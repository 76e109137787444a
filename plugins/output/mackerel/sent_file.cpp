#include "sent_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <sys/stat.h>

namespace shoal::mackerel {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string shared_directory() {
  for (const auto* name : {"MACKEREL_PLUGIN_WORKDIR", "TMPDIR"}) {
    if (auto directory = environment(name); !directory.empty()) return directory;
  }
  return "/tmp";
}

// Others may write where it stands. A directory of theirs, or a link, could lead anywhere.
bool is_trusted(const std::string& directory) {
  struct stat status {};
  if (::lstat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  return status.st_uid == ::geteuid() || status.st_uid == 0;
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(fd, text.data(), text.size());
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string reason(const std::string& file) {
  return file + ": cannot be written: " + std::strerror(errno);
}

}  // namespace

std::string sent_file(std::string_view name, const std::string& workdir, std::string_view output) {
  auto file = workdir.empty() ? shared_directory() + "/mackerel-metadata/"
                              : workdir + "/mackerel-plugin-metadata-";
  file += name;
  return output.empty() ? file : file + "." + std::string(output);
}

std::optional<std::string> read_sent(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::optional<std::string> write_sent(const std::string& file, std::string_view text) {
  const auto directory = fs::path(file).parent_path().string();
  std::error_code error;
  fs::create_directories(directory, error);
  if (!is_trusted(directory)) return directory + ": expected a directory of this user's own";
  const auto fresh = file + ".new";
  ::unlink(fresh.c_str());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return reason(fresh);
  const bool is_written = write_all(fd, text);
  ::close(fd);
  if (!is_written || ::rename(fresh.c_str(), file.c_str()) != 0) return reason(file);
  return std::nullopt;
}

}  // namespace shoal::mackerel
