#include "plugin/host_identity.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/unique_fd.h"

namespace shoal::plugin {
namespace {

[[noreturn]] void fail(const std::string& file, std::string_view act, int error) {
  throw Error(fmt::format("{}: cannot {}: {}", file, act, errno_text(error)));
}

// A directory of mackerel-agent's own is open to all, as it makes it; ours is not.
void make_directory(const std::filesystem::path& directory) {
  std::error_code fault;
  if (!std::filesystem::create_directories(directory, fault)) return;
  const bool is_mackerels = directory.filename() == "mackerel-agent";
  ::chmod(directory.c_str(), is_mackerels ? 0755 : 0700);
}

void sync_directory(const std::string& directory) {
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) fail(directory, "be made durable", errno);
}

void write_all(const std::string& file, std::string_view text) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) fail(file, "be written", errno);
  const auto count = ::write(fd.get(), text.data(), text.size());
  if (count != static_cast<ssize_t>(text.size()))
    fail(file, "be written", count < 0 ? errno : ENOSPC);
  if (::fsync(fd.get()) != 0) fail(file, "be made durable", errno);
}

// Nothing if there is no such file.
std::optional<std::string> read_all(const std::string& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) fail(file, "be read", errno);
  std::array<char, 4096> buffer;
  const auto count = ::read(fd.get(), buffer.data(), buffer.size());
  if (count < 0) fail(file, "be read", errno);
  return std::string(buffer.data(), static_cast<std::size_t>(count));
}

}  // namespace

std::string HostIdentity::host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) throw_errno("gethostname");
  return name.data();
}

std::string HostIdentity::id_file(std::string_view output) const {
  return output == "mackerel" ? root_ + "/id" : fmt::format("{}/id.{}", root_, output);
}

std::optional<std::string> HostIdentity::host_id(std::string_view output) {
  auto id = read_all(id_file(output));
  while (id && !id->empty() && (id->back() == '\n' || id->back() == '\r')) id->pop_back();
  return id && !id->empty() ? id : std::nullopt;
}

void HostIdentity::set_host_id(std::string_view output, std::string_view id) {
  const auto file = id_file(output);
  if (id.empty()) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) fail(file, "be removed", errno);
  } else {
    const auto fresh = file + ".new";
    make_directory(root_);
    write_all(fresh, id);
    if (::rename(fresh.c_str(), file.c_str()) != 0) fail(file, "be written", errno);
  }
  sync_directory(root_);
}

std::string HostIdentity::host_spec_json() {
  return plugin::host_spec_json(host_name(), sources_);
}

std::string HostIdentity::jobs_json() {
  const std::lock_guard lock(mutex_);
  return jobs_;
}

void HostIdentity::set_jobs_json(std::string jobs) {
  const std::lock_guard lock(mutex_);
  jobs_ = std::move(jobs);
}

}  // namespace shoal::plugin
