/* Forks `amount` children a round that do nothing but hold what they inherited: 64 at most, and
 * each ends with the thread that made it or after ten minutes. plugin.h, destroy: an instance frees
 * what it took. */
#define ANIMAL_AMOUNT "16"
#include <signal.h>
#include <unistd.h>

#include <sys/prctl.h>

#include "../animal.h"

static void idle_with(pid_t parent) {
  signal(SIGALRM, SIG_DFL);
  alarm(600);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  for (;;) pause();
}

static void misbehave(shoal_instance* self, const shoal_call* call) {
  const pid_t parent = getpid();
  (void)call;
  for (int64_t i = 0; i < self->amount && self->made < 64; ++i, ++self->made) {
    const pid_t child = fork();
    if (child == 0) idle_with(parent);
    if (child < 0) {
      animal_fail(self, "cannot fork: too many processes");
      return;
    }
  }
}
