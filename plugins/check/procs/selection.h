// Which processes are meant, by everything but the pattern that is counted. Not thread-safe;
// belongs to one instance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/pattern.h"
#include "process_table.h"

namespace shoal {
class Options;
}

namespace shoal::procs {

class Selection {
 public:
  // Throws shoal::Failure for a pattern that does not compile.
  explicit Selection(const Options& options);

  // Looks up what may change between rounds: users, the pid file, the time. Throws shoal::Failure
  // or std::system_error when that cannot be known.
  void begin_round(ProcessTable& table);

  // Whether the process is meant in this round.
  bool includes(const Process& process, ProcessTable& table) const;

  // ", user www-data, state S": what was asked for, for people; empty if nothing was.
  const std::string& words() const { return words_; }

 private:
  bool is_ours(const Process& process) const;
  bool is_of_users(const Process& process, ProcessTable& table) const;
  bool is_heavy_enough(const Process& process) const;
  bool is_timely(const Process& process) const;

  std::optional<common::Pattern> exclude_;
  bool match_self_;
  bool match_parent_;
  std::int64_t parent_;
  std::string pid_file_;
  std::string state_;
  std::string user_;
  std::string not_user_;
  std::uint64_t virtual_over_;
  std::uint64_t resident_over_;
  double cpu_percent_over_;
  std::int64_t threads_over_;
  std::optional<double> age_over_, age_under_, cpu_over_, cpu_under_;  // seconds
  std::string words_;

  // Of the present round.
  std::optional<std::uint64_t> pid_;  // none: the pid file names no process
  std::optional<uid_t> uid_, not_uid_;
  double uptime_ = 0;
};

}  // namespace shoal::procs
