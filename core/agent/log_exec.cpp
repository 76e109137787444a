// shoal log-exec: runs a command as if it were not there, and says what it printed to a tag or
// channel when it fails; for cron.
#include <cerrno>
#include <csignal>
#include <fcntl.h>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include "agent/commands.h"
#include "agent/passed_through.h"
#include "agent/relay_client.h"
#include "base/child_process.h"
#include "base/error.h"
#include "base/quantity.h"
#include "base/unique_fd.h"

namespace shoal::agent {
namespace {

std::optional<std::chrono::milliseconds> timeout_of(const Arguments& arguments) {
  const auto text = arguments.value("timeout");
  if (!text) return std::nullopt;
  const auto timeout = parse_duration(*text);
  if (!timeout || timeout->count() == 0) {
    throw UsageError(fmt::format("--timeout: expected a duration like 10m, got \"{}\"", *text));
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(*timeout);
}

// A log that cannot be written is no reason not to run what was asked for.
UniqueFd open_log(const Arguments& arguments) {
  const auto path = arguments.value("log");
  if (!path) return {};
  UniqueFd file(::open(path->c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
  if (!file) fmt::print(stderr, "shoal log-exec: --log {}: {}\n", *path, errno_text(errno));
  return file;
}

// The lines of slackboard-log.
std::string report_of(const std::vector<std::string>& words, const PassedThrough& ended) {
  utsname system{};
  ::uname(&system);
  std::string output = ended.output;
  if (!output.empty() && output.back() == '\n') output.pop_back();
  if (ended.left_out_bytes > 0) {
    output = fmt::format("({} bytes before this are left out)\n{}", ended.left_out_bytes, output);
  }
  return fmt::format("\nHost   : {}\nCommand: {}\nOutput : {}\nError  : {}\n", system.nodename,
                     fmt::join(words, " "), output, ended.error);
}

}  // namespace

int log_exec(const Arguments& arguments) {
  const Letter letter = letter_of(arguments, "crit");
  const auto timeout = timeout_of(arguments);
  retry_rules_of(arguments);
  stop_ignoring_children();
  std::signal(SIGPIPE, SIG_IGN);
  const UniqueFd log = open_log(arguments);
  const PassedThrough ended = run_passed_through(arguments.operands, timeout, log.get());
  if (ended.error.empty()) return 0;
  if (!ended.has_started) fmt::print(stderr, "shoal log-exec: {}\n", ended.error);
  // The command's own fate is what the caller is to know, also when nobody can be told of it.
  try {
    RelayClient(arguments).post(letter, report_of(arguments.operands, ended));
  } catch (const std::exception& error) {
    fmt::print(stderr, "shoal log-exec: nobody was told: {}\n", error.what());
  }
  return ended.exit_code;
}

}  // namespace shoal::agent
