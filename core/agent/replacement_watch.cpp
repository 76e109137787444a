#include "agent/replacement_watch.h"

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <unistd.h>

#include "base/log.h"

namespace shoal::agent {
namespace {

namespace fs = std::filesystem;

std::optional<fs::file_time_type> written(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  return error ? std::nullopt : std::optional(time);
}

void watch(const std::stop_token& stop, std::chrono::milliseconds interval) {
  const fs::path file = fs::read_symlink("/proc/self/exe");
  const auto at_start = written(file);
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  while (!changed.wait_for(lock, stop, interval, [] { return false; })) {
    if (stop.stop_requested()) return;
    const auto now = written(file);
    if (now && at_start && *now <= *at_start) continue;
    log::info("{} was replaced or removed: stopping", file.string());
    ::kill(::getpid(), SIGINT);
    return;
  }
}

}  // namespace

ReplacementWatch::ReplacementWatch(std::chrono::milliseconds interval)
    : thread_([interval](const std::stop_token& stop) { watch(stop, interval); }) {}

}  // namespace shoal::agent
