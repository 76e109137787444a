#include "conformance/trial.h"

#include <array>
#include <csignal>

#include "conformance/lent_memory.h"

namespace shoal::conformance {
namespace {

Blackboard* watching = nullptr;

// The plugin's stack may be what is broken.
alignas(16) std::array<char, 64 * 1024> signal_stack;

// Returns into the same fault, which then ends the process as if nobody had watched.
void on_fault(int signal, siginfo_t* info, void*) {
  if (const auto rule = lent_memory_fault(info->si_addr)) watching->die_of(*rule);
  struct sigaction usual = {};
  usual.sa_handler = SIG_DFL;
  sigaction(signal, &usual, nullptr);
}

}  // namespace

void watch_lent_memory(Blackboard& board) {
  watching = &board;
  const stack_t stack{signal_stack.data(), 0, signal_stack.size()};
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace shoal::conformance
