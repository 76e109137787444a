#include "conformance/process_state.h"

#include <algorithm>
#include <array>
#include <cfenv>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <malloc.h>
#include <thread>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

namespace shoal::conformance {
namespace {

namespace files = std::filesystem;

std::map<int, std::string> read_descriptors() {
  std::map<int, std::string> descriptors;
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : files::directory_iterator("/proc/self/fd", error)) {
    names.push_back(entry.path().filename().string());
  }
  for (const auto& name : names) {
    const auto target = files::read_symlink("/proc/self/fd/" + name, error);
    if (!error) descriptors[std::stoi(name)] = target.string();
  }
  return descriptors;
}

std::string read_signals() {
  std::string text;
  for (int signal = 1; signal < SIGRTMAX; ++signal) {
    struct sigaction action = {};
    if (sigaction(signal, nullptr, &action) != 0) continue;
    const auto handler = reinterpret_cast<std::uintptr_t>(action.sa_handler);
    if (handler != 0) text += fmt::format("{}:{:x}:{:x} ", signal, handler, action.sa_flags);
  }
  sigset_t mask;
  sigemptyset(&mask);
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  text += "blocked:";
  for (int signal = 1; signal < SIGRTMAX; ++signal) {
    if (sigismember(&mask, signal) == 1) text += fmt::format(" {}", signal);
  }
  return text;
}

std::vector<std::string> read_environment() {
  std::vector<std::string> all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    all.emplace_back(*entry);
  std::sort(all.begin(), all.end());
  return all;
}

std::string read_directory() {
  std::error_code error;
  const mode_t mask = umask(0);
  umask(mask);
  return fmt::format("{}, umask {:03o}", files::current_path(error).string(), mask);
}

std::string read_float_mode() {
  return fmt::format("rounding {}, traps {:#x}", std::fegetround(), fegetexcept());
}

std::string read_limits() {
  std::string text;
  for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
    rlimit limit{};
    getrlimit(static_cast<__rlimit_resource>(resource), &limit);
    text += fmt::format("{}:{}/{} ", resource, limit.rlim_cur, limit.rlim_max);
  }
  itimerval timer{};
  getitimer(ITIMER_REAL, &timer);
  const bool has_timer = timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0;
  return text +
         fmt::format("alarm {}, nice {}", has_timer ? "set" : "none", getpriority(PRIO_PROCESS, 0));
}

void compare(Trial& trial, Rule rule, const std::string& act, const std::string& before,
             const std::string& after) {
  if (before == after) return;
  std::size_t same = 0;
  while (same < before.size() && same < after.size() && before[same] == after[same]) ++same;
  const auto from = same < 20 ? 0 : same - 20;
  trial.find(rule, "{} changed \"{}\" to \"{}\"", act, before.substr(from, 60),
             after.substr(from, 60));
}

void compare_environment(Trial& trial, const std::string& act,
                         const std::vector<std::string>& before,
                         const std::vector<std::string>& after) {
  std::vector<std::string> changed;
  std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(),
                                std::back_inserter(changed));
  if (changed.empty()) return;
  trial.find(Rule::process_environment, "{} changed {}", act,
             changed.front().substr(0, changed.front().find('=')));
}

void compare_descriptors(Trial& trial, const std::string& act,
                         const std::map<int, std::string>& before,
                         const std::map<int, std::string>& after) {
  for (const auto& [fd, target] : before) {
    const auto found = after.find(fd);
    if (found != after.end() && found->second == target) continue;
    trial.find(Rule::process_limits, "{} {} descriptor {} ({})", act,
               found == after.end() ? "closed" : "replaced", fd, target);
  }
  for (const auto& [fd, target] : after) {
    if (before.count(fd) > 0) continue;
    trial.find(Rule::lifetime_leak, "{} left descriptor {} open ({})", act, fd, target);
  }
}

// The kernel lists a thread for a moment after it was joined.
std::size_t settled_thread_count(std::size_t wanted) {
  std::size_t count = thread_count();
  for (int tries = 0; count > wanted && tries < 100; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    count = thread_count();
  }
  return count;
}

}  // namespace

std::size_t thread_count() {
  std::error_code error;
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : files::directory_iterator("/proc/self/task", error)) {
    ++count;
  }
  return count;
}

ProcessState ProcessState::now() {
  const char* const locale = std::setlocale(LC_ALL, nullptr);
  return {read_descriptors(), thread_count(),   read_signals(),
          read_environment(), read_directory(), locale == nullptr ? "" : locale,
          read_float_mode(),  read_limits()};
}

void compare_states(Trial& trial, const ProcessState& before, const std::string& act) {
  const auto after = ProcessState::now();
  compare_descriptors(trial, act, before.descriptors, after.descriptors);
  if (const auto threads = settled_thread_count(before.threads); threads > before.threads) {
    trial.find(Rule::lifetime_leak, "{} left {} threads running", act, threads - before.threads);
  }
  compare(trial, Rule::process_signals, act, before.signals, after.signals);
  compare_environment(trial, act, before.environment, after.environment);
  compare(trial, Rule::process_directory, act, before.directory, after.directory);
  compare(trial, Rule::process_locale, act, before.locale, after.locale);
  compare(trial, Rule::process_float, act, before.float_mode, after.float_mode);
  compare(trial, Rule::process_limits, act, before.limits, after.limits);
}

std::size_t heap_bytes() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::size_t resident_bytes() {
  std::FILE* const file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  unsigned long size = 0;
  unsigned long resident = 0;
  const int count = std::fscanf(file, "%lu %lu", &size, &resident);
  std::fclose(file);
  return count == 2 ? resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace shoal::conformance
