#include "plugin_host/fault_handler.h"

#include <array>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <ucontext.h>
#include <unistd.h>

namespace shoal::plugin_host {
namespace {

constexpr std::array faults{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGXCPU};
constexpr std::size_t stack_size = 64UL * 1024;

int report_fd = -1;
const void* plugin_code = nullptr;

// ---- text without an allocation ----

void say(const char* text) {
  [[maybe_unused]] const auto ignored = write(report_fd, text, strlen(text));
}

void say_number(std::uint64_t number, unsigned base) {
  std::array<char, 24> digits{};
  auto* at = digits.data() + digits.size() - 1;
  do {
    *--at = "0123456789abcdef"[number % base];
    number /= base;
  } while (number != 0);
  if (base == 16) say("0x");
  say(at);
}

// ---- the process's own map ----

struct Mapping {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t offset = 0;
  bool is_code = false;
  std::array<char, 256> path{};
};

std::uint64_t read_hex(const char*& at) {
  std::uint64_t number = 0;
  for (;; ++at) {
    if (*at >= '0' && *at <= '9') {
      number = number << 4 | static_cast<unsigned>(*at - '0');
    } else if (*at >= 'a' && *at <= 'f') {
      number = number << 4 | static_cast<unsigned>(*at - 'a' + 10);
    } else {
      return number;
    }
  }
}

// "7f00-7f10 r-xp 00001000 08:01 123   /path"
Mapping parse_mapping(const char* line) {
  Mapping mapping;
  mapping.start = read_hex(line);
  ++line;
  mapping.end = read_hex(line);
  mapping.is_code = line[0] != '\0' && line[3] == 'x';
  if (line[0] != '\0') line += 6;
  mapping.offset = read_hex(line);
  if (const char* path = strchr(line, '/')) {
    strncpy(mapping.path.data(), path, mapping.path.size() - 1);
  }
  return mapping;
}

// Reads /proc/self/maps line by line.
class Maps {
 public:
  Maps() : fd_(open("/proc/self/maps", O_RDONLY | O_CLOEXEC)) {}
  ~Maps() { close(fd_); }
  Maps(const Maps&) = delete;
  Maps& operator=(const Maps&) = delete;

  bool next(Mapping& mapping) {
    std::array<char, 512> line{};
    std::size_t size = 0;
    for (;;) {
      if (at_ == filled_) {
        const auto count = read(fd_, buffer_.data(), buffer_.size());
        if (count <= 0) return false;
        at_ = 0;
        filled_ = static_cast<std::size_t>(count);
      }
      const char c = buffer_[at_++];
      if (c == '\n') break;
      if (size < line.size() - 1) line[size++] = c;
    }
    mapping = parse_mapping(line.data());
    return true;
  }

 private:
  int fd_;
  std::array<char, 1024> buffer_{};
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
};

bool find_mapping(std::uint64_t address, Mapping& found) {
  Maps maps;
  while (maps.next(found)) {
    if (address >= found.start && address < found.end) return true;
  }
  return false;
}

void say_place(const char* what, std::uint64_t address, const Mapping& mapping) {
  say(what);
  say_number(address - mapping.start + mapping.offset, 16);
  say(" ");
  say(mapping.path[0] == '\0' ? "(no file)" : mapping.path.data());
  say("\n");
}

// A word on the stack that points into the plugin's code is, most likely, where it made the call.
void say_caller(std::uint64_t stack, const Mapping& code) {
  constexpr std::size_t most_words = 4096;
  Mapping mapping;
  if (!find_mapping(stack, mapping)) return;
  const auto* word = reinterpret_cast<const std::uint64_t*>(stack & ~std::uint64_t{7});  // NOLINT
  const auto* end = reinterpret_cast<const std::uint64_t*>(mapping.end);                 // NOLINT
  for (std::size_t i = 0; i < most_words && word + i < end; ++i) {
    if (word[i] >= code.start && word[i] < code.end) {
      return say_place("called_at ", word[i], code);
    }
  }
}

struct Registers {
  std::uint64_t code = 0;
  std::uint64_t stack = 0;
};

Registers registers_of(const void* context) {
  [[maybe_unused]] const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  return {static_cast<std::uint64_t>(machine.gregs[REG_RIP]),
          static_cast<std::uint64_t>(machine.gregs[REG_RSP])};
#elif defined(__aarch64__)
  return {machine.pc, machine.sp};
#else
  return {};
#endif
}

void handle(int signal, siginfo_t* info, void* context) {
  say("signal ");
  say_number(static_cast<std::uint64_t>(signal), 10);
  say("\naddress ");
  say_number(reinterpret_cast<std::uintptr_t>(info->si_addr), 16);
  say("\n");
  const auto registers = registers_of(context);
  Mapping place;
  if (find_mapping(registers.code, place)) say_place("at ", registers.code, place);
  Mapping own;
  if (find_mapping(reinterpret_cast<std::uintptr_t>(plugin_code), own) &&
      (registers.code < own.start || registers.code >= own.end)) {
    say_caller(registers.stack, own);
  }
  // The default action was put back when this was called.
  raise(signal);
}

}  // namespace

void report_faults_to(int fd) {
  report_fd = fd;
  use_own_fault_stack();
  struct sigaction action = {};
  action.sa_sigaction = &handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER;
  for (const int fault : faults) sigaction(fault, &action, nullptr);
}

void use_own_fault_stack() {
  stack_t stack = {};
  stack.ss_sp = new char[stack_size];  // NOLINT: as long as the thread, which ends with the process
  stack.ss_size = stack_size;
  sigaltstack(&stack, nullptr);
}

void watch_for_faults_in(const void* code) {
  plugin_code = code;
}

}  // namespace shoal::plugin_host
