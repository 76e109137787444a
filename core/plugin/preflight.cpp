#include "plugin/preflight.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/unique_fd.h"
#include "plugin/elf_image.h"

namespace shoal::plugin {
namespace {

constexpr std::uint64_t largest_file = 256ULL << 20;

[[noreturn]] void fail(const std::string& file, std::string_view sentence) {
  throw PluginError(fmt::format("{}: {}", file, sentence));
}

// The file or directory at `path`, links followed.
struct stat status_of(const std::string& file, const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) == 0) return status;
  const int error = errno;
  std::error_code ignored;
  const auto target = std::filesystem::read_symlink(path, ignored);
  if (error == ENOENT && !target.empty()) {
    fail(file, fmt::format("is a link to {}, which does not exist", target.string()));
  }
  if (error == ENOENT) fail(file, "does not exist");
  fail(file, fmt::format("cannot be looked at: {}", errno_text(error)));
}

void check_owner_and_mode(const std::string& file, const std::string& path, std::string_view noun,
                          unsigned own_user) {
  const auto status = status_of(file, path);
  if (status.st_uid != 0 && status.st_uid != own_user) {
    fail(file,
         fmt::format("refused: {} belongs to user {}, expected root or user {}; chown root {}",
                     noun, status.st_uid, own_user, path));
  }
  // In a sticky directory such as /tmp nobody can replace another's file.
  const bool is_sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !is_sticky) {
    fail(file, fmt::format("refused: {} is writable by {}; chmod go-w {}", noun,
                           (status.st_mode & S_IWOTH) != 0 ? "everyone" : "its group", path));
  }
}

std::string directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

UniqueFd open_file(const std::string& file) {
  UniqueFd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) fail(file, fmt::format("cannot be read by user {}: {}", geteuid(), errno_text(errno)));
  return fd;
}

void check_regular(const std::string& file, const struct stat& status) {
  if (S_ISDIR(status.st_mode)) fail(file, "is a directory");
  if (!S_ISREG(status.st_mode)) fail(file, "is not a regular file");
  if (status.st_size == 0) fail(file, "is empty");
  if (static_cast<std::uint64_t>(status.st_size) > largest_file) {
    fail(file, fmt::format("has {} bytes, more than the {} a plugin may have", status.st_size,
                           largest_file));
  }
}

std::string read_bytes(const std::string& file) {
  const auto fd = open_file(file);
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) throw_errno("stat " + file);
  check_regular(file, status);

  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const auto count = read(fd.get(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(file, fmt::format("cannot be read: {}", errno_text(errno)));
    if (count == 0) break;  // it shrank meanwhile: the walk will say "truncated"
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace

void check_trust(const std::string& file, unsigned own_user) {
  check_owner_and_mode(file, file, "the file", own_user);
  check_owner_and_mode(file, directory_of(file), "its directory", own_user);
  // A link may lead to a directory that others can write.
  std::error_code ignored;
  const auto target = std::filesystem::canonical(file, ignored).string();
  if (!target.empty()) {
    check_owner_and_mode(file, directory_of(target), "its directory", own_user);
  }
}

std::string read_trusted(const std::string& file) {
  check_regular(file, status_of(file, file));
  check_trust(file, geteuid());
  return read_bytes(file);
}

Examined examine(const std::string& file) {
  Examined examined{file, read_trusted(file), {}};
  examined.manifest = parse_manifest(file, manifest_in(file, examined.bytes));
  check_abi(file, examined.manifest);
  return examined;
}

}  // namespace shoal::plugin
