#include "process_table.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "common/fields.h"
#include "common/proc_file.h"
#include "common/uptime.h"

namespace shoal::procs {
namespace {

constexpr std::size_t first_size = 4096;
// The kernel lets arguments be a quarter of the stack's limit, usually 2 MiB.
constexpr std::size_t most_bytes = std::size_t{4} * 1024 * 1024;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), path);
}

bool has_ended(int error) {
  return error == ENOENT || error == ESRCH;
}

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

}  // namespace

ProcessTable::ProcessTable(std::string directory)
    : directory_(std::move(directory)), buffer_(first_size) {}

void ProcessTable::each(const std::function<void(const Process&)>& look) {
  const std::unique_ptr<DIR, CloseDirectory> directory(opendir(directory_.c_str()));
  if (!directory) fail(directory_);
  // The first process always runs.
  if (!read("1/stat")) {
    throw std::runtime_error(
        directory_ +
        ": other users' processes are hidden (hidepid); count as root or in procfs' group");
  }

  while (const auto* entry = readdir(directory.get())) {
    if (!common::to_number(entry->d_name)) continue;
    const std::string folder = entry->d_name;
    const auto stat = read(folder + "/stat");
    auto process = stat ? parse_stat(*stat, units_) : std::nullopt;
    if (!process) continue;
    const auto cmdline = read(folder + "/cmdline");
    if (!cmdline) continue;
    process->command = command_of(*process, *cmdline);
    look(*process);
  }
}

std::optional<uid_t> ProcessTable::user_of(const Process& process) {
  const auto status = read(std::to_string(process.pid) + "/status");
  return status ? parse_user(*status) : std::nullopt;
}

double ProcessTable::uptime() {
  common::ProcFile file(directory_ + "/uptime");
  return common::parse_uptime(file.read());
}

// Nothing if there is no such process any more.
std::optional<std::string_view> ProcessTable::read(const std::string& name) {
  const auto path = directory_ + "/" + name;
  const OpenFile file(path);
  if (file.get() < 0) {
    if (has_ended(errno)) return std::nullopt;
    fail(path);
  }
  std::size_t size = 0;
  for (;;) {
    const auto got = ::read(file.get(), buffer_.data() + size, buffer_.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && has_ended(errno)) return std::nullopt;
    if (got < 0) fail(path);
    if (got == 0 || size == most_bytes) return std::string_view(buffer_.data(), size);
    size += static_cast<std::size_t>(got);
    if (size == buffer_.size() && size < most_bytes) buffer_.resize(2 * size);
  }
}

}  // namespace shoal::procs
