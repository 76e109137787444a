#include "selection.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <pwd.h>
#include <system_error>
#include <unistd.h>

#include <shoal/plugin.hpp>

#include "common/fields.h"

namespace shoal::procs {
namespace {

std::optional<double> seconds_option(const Options& options, const std::string& name) {
  const auto milliseconds = options.integer("/" + name, -1);
  if (milliseconds < 0) return std::nullopt;
  return static_cast<double>(milliseconds) / 1000;
}

uid_t user_id(const std::string& option, const std::string& user) {
  if (const auto number = common::to_number(user)) return static_cast<uid_t>(*number);
  std::array<char, 16 * 1024> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const int error = getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found != nullptr) return found->pw_uid;
  throw Failure("option " + option + ": cannot find the user \"" + user + "\"" +
                (error == 0 ? "" : ": " + std::generic_category().message(error)));
}

// A daemon that does not run has no pid file: that is an answer. One that holds no number is none.
std::optional<std::uint64_t> read_pid(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    if (errno == ENOENT) return std::nullopt;
    throw std::system_error(errno, std::generic_category(), path);
  }
  std::string word;
  file >> word;
  const auto pid = common::to_number(word);
  if (!pid) throw Failure(path + ": expected the id of a process, found \"" + word + "\"");
  return pid;
}

std::string listed(const Options& options) {
  std::string words;
  for (const auto* name : {"exclude_pattern", "pid_file", "state", "user", "not_user"}) {
    const auto value = options.text(std::string("/") + name);
    if (!value.empty()) words += std::string(", ") + name + " " + value;
  }
  const auto parent = options.integer("/ppid", -1);
  return parent < 0 ? words : words + ", ppid " + std::to_string(parent);
}

}  // namespace

Selection::Selection(const Options& options)
    : exclude_(common::pattern_option(options, "exclude_pattern")),
      match_self_(options.boolean("/match_self")),
      match_parent_(options.boolean("/match_parent")),
      parent_(options.integer("/ppid", -1)),
      pid_file_(options.text("/pid_file")),
      state_(options.text("/state")),
      user_(options.text("/user")),
      not_user_(options.text("/not_user")),
      virtual_over_(static_cast<std::uint64_t>(options.integer("/vsz_over"))),
      resident_over_(static_cast<std::uint64_t>(options.integer("/rss_over"))),
      cpu_percent_over_(options.number("/pcpu_over", -1)),
      threads_over_(options.integer("/threads_over")),
      age_over_(seconds_option(options, "age_over")),
      age_under_(seconds_option(options, "age_under")),
      cpu_over_(seconds_option(options, "cpu_over")),
      cpu_under_(seconds_option(options, "cpu_under")),
      words_(listed(options)) {}

void Selection::begin_round(ProcessTable& table) {
  pid_ = pid_file_.empty() ? std::nullopt : read_pid(pid_file_);
  uid_ = user_.empty() ? std::nullopt : std::optional(user_id("user", user_));
  not_uid_ = not_user_.empty() ? std::nullopt : std::optional(user_id("not_user", not_user_));
  uptime_ = table.uptime();
}

// Cheap questions first; the user costs another file.
bool Selection::includes(const Process& process, ProcessTable& table) const {
  if (is_ours(process) || common::matches(exclude_, process.command)) return false;
  if (parent_ >= 0 && process.parent != parent_) return false;
  if (!pid_file_.empty() && pid_ != static_cast<std::uint64_t>(process.pid)) return false;
  if (!state_.empty() && process.state != state_.front()) return false;
  return is_heavy_enough(process) && is_timely(process) && is_of_users(process, table);
}

// The agent, or `shoal check nginx` and the shell it was called from: their arguments match by
// accident. The first process is nobody's shell.
bool Selection::is_ours(const Process& process) const {
  if (!match_self_ && process.pid == getpid()) return true;
  return !match_parent_ && process.pid == getppid() && process.pid != 1;
}

bool Selection::is_of_users(const Process& process, ProcessTable& table) const {
  if (!uid_ && !not_uid_) return true;
  const auto user = table.user_of(process);
  return user && (!uid_ || *user == *uid_) && (!not_uid_ || *user != *not_uid_);
}

bool Selection::is_heavy_enough(const Process& process) const {
  const double age = uptime_ - process.started_seconds;
  const double cpu_percent = age > 0 ? 100 * process.cpu_seconds / age : 0;
  return (virtual_over_ == 0 || process.virtual_bytes > virtual_over_) &&
         (resident_over_ == 0 || process.resident_bytes > resident_over_) &&
         cpu_percent > cpu_percent_over_ && process.threads > threads_over_;
}

bool Selection::is_timely(const Process& process) const {
  const double age = uptime_ - process.started_seconds;
  return (!age_over_ || age > *age_over_) && (!age_under_ || age < *age_under_) &&
         (!cpu_over_ || process.cpu_seconds > *cpu_over_) &&
         (!cpu_under_ || process.cpu_seconds < *cpu_under_);
}

}  // namespace shoal::procs
