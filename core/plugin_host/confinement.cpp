#include "plugin_host/confinement.h"

#include <cerrno>
#include <fstream>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/error.h"
#include "plugin_host/call_filter.h"

namespace shoal::plugin_host {
namespace {

void limit(int resource, const char* name, std::uint64_t most) {
  rlimit present = {};
  getrlimit(static_cast<__rlimit_resource_t>(resource), &present);
  const rlim_t value = present.rlim_max < most ? present.rlim_max : most;
  const rlimit wanted{value, value};
  if (setrlimit(static_cast<__rlimit_resource_t>(resource), &wanted) != 0) {
    throw Error(fmt::format("cannot limit its {} to {}: {}", name, most, errno_text(errno)));
  }
}

// Before the agent and before what the machine is there for. Where this is refused, who goes first
// is the kernel's own choice.
void go_first_when_memory_is_short() {
  std::ofstream("/proc/self/oom_score_adj") << 500;
}

void become(const std::string& user) {
  const auto* entry = getpwnam(user.c_str());
  if (entry == nullptr) throw Error(fmt::format("user \"{}\": no such user", user));
  if (entry->pw_uid == geteuid()) return;
  if (initgroups(user.c_str(), entry->pw_gid) != 0 ||
      setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) != 0 ||
      setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) != 0) {
    throw Error(fmt::format("user \"{}\": cannot become this user: {}; the agent must run as root",
                            user, errno_text(errno)));
  }
}

}  // namespace

void confine(const Confinement& wanted) {
  go_first_when_memory_is_short();
  limit(RLIMIT_CORE, "core file", 0);
  limit(RLIMIT_NOFILE, "open files", wanted.files);
#ifndef SHOAL_SANITIZED  // a sanitizer's shadow counts as memory, terabytes of it
  // More than it may hold: what it holds too much the agent names, if it lives to see it.
  limit(RLIMIT_DATA, "memory", wanted.memory_bytes / 2 * 3);
#endif
  if (!wanted.user.empty()) {
    limit(RLIMIT_NPROC, "processes", wanted.processes);
    become(wanted.user);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw_errno("set no_new_privs");
  if (wanted.has_call_filter) forbid_dangerous_calls();
}

}  // namespace shoal::plugin_host
