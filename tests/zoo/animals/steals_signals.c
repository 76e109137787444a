/* Takes the process's signals: handlers of its own for those that end and those that tell, and
 * blocks the rest. plugin.h: tables only do; the process is the host's. */
#include <pthread.h>
#include <signal.h>

#include "../animal.h"

static void swallow(int number) {
  (void)number;
}

static void misbehave(shoal_instance* self, const shoal_call* call) {
  static const int wanted[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGPIPE, SIGSEGV, SIGABRT};
  struct sigaction action;
  sigset_t all;
  (void)self;
  (void)call;
  memset(&action, 0, sizeof action);
  action.sa_handler = swallow;
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; ++i) sigaction(wanted[i], &action, NULL);
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
}
