#include "agent/pid_file.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <fmt/core.h>

#include "base/error.h"
#include "base/log.h"

namespace shoal::agent {
namespace {

namespace fs = std::filesystem;

pid_t pid_in(const std::string& path) {
  pid_t pid = 0;
  std::ifstream(path) >> pid;
  return pid;
}

// Of another process of this program; a pid that was used again by something else is not.
bool is_same_program(pid_t pid) {
  std::error_code error;
  const fs::path theirs = fs::read_symlink(fmt::format("/proc/{}/exe", pid), error);
  if (error) return false;
  const fs::path ours = fs::read_symlink("/proc/self/exe", error);
  return !error && theirs.filename() == ours.filename();
}

void refuse_if_held(const std::string& path) {
  const pid_t holder = pid_in(path);
  if (holder > 0 && holder != ::getpid() && is_same_program(holder)) {
    throw Error(
        fmt::format("pid file {}: process {} already runs; stop it, or give this one "
                    "another --pidfile",
                    path, holder));
  }
}

void write_pid(const std::string& path) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  std::ofstream file(path, std::ios::trunc);
  file << ::getpid();
  file.close();
  if (!file) throw Error(fmt::format("pid file {}: cannot be written", path));
}

}  // namespace

PidFile::PidFile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  refuse_if_held(path_);
  if (fs::exists(path_))
    log::warning("pid file {}: left by a process that is gone; replaced", path_);
  write_pid(path_);
}

PidFile::~PidFile() {
  if (!path_.empty() && pid_in(path_) == ::getpid()) ::unlink(path_.c_str());
}

}  // namespace shoal::agent
