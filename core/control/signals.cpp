#include "control/signals.h"

#include <csignal>
#include <unistd.h>

#include <sys/signalfd.h>

#include "base/error.h"

namespace shoal::control {
namespace {

sigset_t handled_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

Signals::Signals(EventLoop& loop, Handlers handlers) : loop_(loop), handlers_(std::move(handlers)) {
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A peer that went away is an error value, and children are reaped through their pidfds.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);
  fd_.reset(signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!fd_) throw_errno("signalfd");
  loop_.watch(fd_.get(), [this] { read(); });
}

Signals::~Signals() {
  loop_.unwatch(fd_.get());
}

void Signals::exit_at_next() {
  struct sigaction action {};
  action.sa_handler = [](int) { ::_exit(1); };
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) sigaction(signal, &action, nullptr);
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void Signals::read() {
  signalfd_siginfo info{};
  while (::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo == SIGHUP) {
      handlers_.reload();
    } else {
      handlers_.stop(static_cast<int>(info.ssi_signo));
    }
  }
}

}  // namespace shoal::control
