#include "plugin_host/call_filter.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <dlfcn.h>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <string>

#include <fmt/core.h>
#include <sys/ioctl.h>

#include "base/error.h"

namespace shoal::plugin_host {
namespace {

// Those that the library or the machine does not know are skipped.
constexpr std::array refused_calls{
    // other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
    // file systems, and files past their paths
    "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
    "fsconfig", "fsmount", "fspick", "mount_setattr", "open_by_handle_at", "quotactl",
    "quotactl_fd", "swapon", "swapoff", "acct",
    // the kernel
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot",
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "iopl", "ioperm", "modify_ldt", "lookup_dcookie", "uselib", "vhangup",
    // keys, namespaces, and what is one for the whole machine
    "add_key", "request_key", "keyctl", "setns", "unshare", "sethostname", "setdomainname",
    "settimeofday", "clock_settime", "clock_settime64", "stime"};

constexpr std::array<std::uint64_t, 8> namespaces{CLONE_NEWNS,  CLONE_NEWCGROUP, CLONE_NEWUTS,
                                                  CLONE_NEWIPC, CLONE_NEWUSER,   CLONE_NEWPID,
                                                  CLONE_NEWNET, CLONE_NEWTIME};

class Library {
 public:
  Library() : handle_(dlopen("libseccomp.so.2", RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw Error(fmt::format("seccomp: {}; install libseccomp2", dlerror()));
  }

  template <class Function>
  Function* find(const char* name, Function*) const {
    auto* found = reinterpret_cast<Function*>(dlsym(handle_, name));
    if (found == nullptr) throw Error(fmt::format("seccomp: libseccomp has no {}", name));
    return found;
  }

 private:
  void* const handle_;  // never closed: the process is about to become the plugin's
};

#define FUNCTION(name) find(#name, static_cast<decltype(&::name)>(nullptr))

class Filter {
 public:
  Filter()
      : resolve_(library_.FUNCTION(seccomp_syscall_resolve_name)),
        add_(library_.FUNCTION(seccomp_rule_add_array)),
        load_(library_.FUNCTION(seccomp_load)),
        filter_(library_.FUNCTION(seccomp_init)(SCMP_ACT_ALLOW),
                library_.FUNCTION(seccomp_release)) {
    if (filter_ == nullptr) throw Error("seccomp: cannot begin a filter");
  }

  void refuse(const char* call) {
    const int number = resolve_(call);
    if (number >= 0) add(EPERM, number, nullptr);
  }
  void refuse_if(int call, const scmp_arg_cmp& argument) { add(EPERM, call, &argument); }
  void deny_existence(int call) { add(ENOSYS, call, nullptr); }

  void load() { check(load_(filter_.get())); }

 private:
  void add(int error, int call, const scmp_arg_cmp* argument) {
    check(add_(filter_.get(), SCMP_ACT_ERRNO(error), call, argument == nullptr ? 0 : 1, argument));
  }
  static void check(int result) {
    if (result < 0) throw Error(fmt::format("seccomp: cannot filter: {}", errno_text(-result)));
  }

  const Library library_;
  decltype(&::seccomp_syscall_resolve_name) const resolve_;
  decltype(&::seccomp_rule_add_array) const add_;
  decltype(&::seccomp_load) const load_;
  const std::unique_ptr<void, decltype(&::seccomp_release)> filter_;
};

#undef FUNCTION

scmp_arg_cmp has_bits(unsigned argument, std::uint64_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, bits};
}

}  // namespace

void forbid_dangerous_calls() {
  Filter filter;
  for (const char* call : refused_calls) filter.refuse(call);
  for (const auto flag : namespaces) filter.refuse_if(SCMP_SYS(clone), has_bits(0, flag));
  // Its flags lie where no filter can look; the C library does with clone() then.
  filter.deny_existence(SCMP_SYS(clone3));
  // Types on the terminal of whoever started the agent.
  filter.refuse_if(SCMP_SYS(ioctl), {1, SCMP_CMP_EQ, TIOCSTI, 0});
  filter.load();
}

}  // namespace shoal::plugin_host
