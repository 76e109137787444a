#include "plugin/process/watch.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <string_view>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/sysinfo.h>

#include "base/unique_fd.h"

namespace shoal::plugin {
namespace {

using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

Folder open_folder(const std::string& path) {
  return {opendir(path.c_str()), closedir};
}

std::string read_status(pid_t pid) {
  const UniqueFd fd(open(fmt::format("/proc/{}/status", pid).c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 8192> text;
  const auto size = fd ? read(fd.get(), text.data(), text.size()) : 0;
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

// "Threads:\t3"
std::uint64_t field(std::string_view status, std::string_view name) {
  const auto at = status.find(name);
  return at == std::string_view::npos ? 0 : number_in(status.substr(at + name.size())).value_or(0);
}

std::uint64_t count_entries(const std::string& path) {
  const auto folder = open_folder(path);
  std::uint64_t count = 0;
  while (folder != nullptr) {
    const auto* entry = readdir(folder.get());
    if (entry == nullptr) break;
    if (entry->d_name[0] != '.') ++count;
  }
  return count;
}

std::uint64_t count_group(pid_t group) {
  const auto folder = open_folder("/proc");
  std::uint64_t count = 0;
  while (folder != nullptr) {
    const auto* entry = readdir(folder.get());
    if (entry == nullptr) break;
    const auto pid = number_in(entry->d_name);
    if (pid && getpgid(static_cast<pid_t>(*pid)) == group) ++count;
  }
  return count;
}

std::uint64_t tasks_of_machine() {
  struct sysinfo info = {};
  sysinfo(&info);
  return info.procs;
}

std::chrono::nanoseconds processor_time(pid_t pid) {
  clockid_t clock = 0;
  timespec used = {};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return {};
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

std::string count_fault(std::uint64_t count, std::uint64_t most, std::string_view what) {
  if (count <= most) return {};
  return fmt::format("holds {} {}, more than {}: it leaks them", count, what, most);
}

std::string memory_fault(std::uint64_t bytes, std::uint64_t most) {
  constexpr std::uint64_t megabyte = 1'000'000;
  if (bytes <= most) return {};
  return fmt::format("holds {} MB, more than its memory_limit of {} MB",
                     (bytes + megabyte - 1) / megabyte, most / megabyte);
}

double in_seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

Watch::Watch(pid_t pid, const Allowance& allowance, SteadyTime now)
    : pid_(pid),
      allowance_(allowance),
      tasks_(tasks_of_machine()),
      since_(now),
      used_(processor_time(pid)) {}

std::string Watch::look(SteadyTime now) {
  const auto status = read_status(pid_);
  const auto memory = (field(status, "RssAnon:") + field(status, "VmSwap:")) * 1024;
  auto fault = memory_fault(memory, allowance_.memory_bytes);
  if (fault.empty()) fault = files_fault(field(status, "FDSize:"));
  if (fault.empty()) fault = count_fault(field(status, "Threads:"), allowance_.threads, "threads");
  if (fault.empty()) fault = processes_fault();
  if (fault.empty()) fault = processor_fault(now);
  return fault;
}

// The size of the table says at no cost that there is nothing to count.
std::string Watch::files_fault(std::uint64_t table_size) const {
  if (table_size <= allowance_.files) return {};
  return count_fault(count_entries(fmt::format("/proc/{}/fd", pid_)), allowance_.files,
                     "open files");
}

// To count a group means to ask each process of the machine, so it is done only when there are
// that many more of them than the last time.
std::string Watch::processes_fault() {
  const auto tasks = tasks_of_machine();
  if (tasks <= tasks_ + allowance_.processes) {
    tasks_ = std::min(tasks_, tasks);
    return {};
  }
  tasks_ = tasks;
  return count_fault(count_group(pid_), allowance_.processes, "processes");
}

std::string Watch::processor_fault(SteadyTime now) {
  const auto stretch = now - since_;
  if (stretch < allowance_.stretch) return {};
  const auto used = processor_time(pid_) - used_;
  since_ = now;
  used_ += used;
  if (used * 2 <= stretch) return {};
  return fmt::format("used {:.1f} s of a processor in {:.1f} s, more than half", in_seconds(used),
                     in_seconds(stretch));
}

}  // namespace shoal::plugin
