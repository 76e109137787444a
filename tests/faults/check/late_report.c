/* Reports from a thread, a moment after its round was over. plugin.h, report: valid during check().
 */
#include <pthread.h>
#include <unistd.h>

#include "../sound.h"

struct late {
  const shoal_instance* self;
  const shoal_call* call;
};

static void* report_late(void* given) {
  const struct late late = *(const struct late*)given;
  const shoal_check_report report = sound_report(SHOAL_CHECK_OK, "all is well");
  free(given);
  usleep(20 * 1000);
  late.self->host->report(late.self->context, late.call, &report);
  return NULL;
}

/* Nothing is left of the thread when the instance goes. */
static void wait_for_it(shoal_instance* self) {
  if (self->own != NULL) pthread_join(*(pthread_t*)self->own, NULL);
  free(self->own);
  self->own = NULL;
}

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  struct late* late = (struct late*)malloc(sizeof *late);
  wait_for_it(self);
  self->own = malloc(sizeof(pthread_t));
  if (late == NULL || self->own == NULL) abort();
  late->self = self;
  late->call = call;
  if (pthread_create((pthread_t*)self->own, NULL, report_late, late) != 0) abort();
  return sound_check(self, call);
}

static void destroy(shoal_instance* self) {
  wait_for_it(self);
  sound_destroy(self);
}

SOUND_MANIFEST("check", "");
SOUND_CHECK(sound_create, NULL, NULL, destroy, check)
