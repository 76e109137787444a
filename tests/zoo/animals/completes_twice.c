/* Ends its round twice: once as it should, and `amount` milliseconds later, from a thread, again
 * and with the opposite verdict, through the call and delivery that it kept. types.h, Memory: what
 * a call passes in is borrowed; plugin.h: report() and emit() are valid during the round. */
#define ANIMAL_AMOUNT "20"
#include <pthread.h>
#include <unistd.h>

#include "../animal.h"

struct second_end {
  shoal_instance speaker; /* a copy: the instance may be gone */
  const shoal_call* call;
};

#if defined(ANIMAL_METRIC)
static void end(const struct second_end* kept) {
  const shoal_point point = {kept->speaker.series, 0, 0, -1};
  kept->speaker.host->emit(kept->speaker.context, kept->call, &point, 1);
}
#elif defined(ANIMAL_CHECK)
static void end(const struct second_end* kept) {
  const shoal_check_report report = {
      sizeof report, SHOAL_CHECK_CRITICAL, {"not well", 8}, {NULL, 0, sizeof(shoal_point)}};
  kept->speaker.host->report(kept->speaker.context, kept->call, &report);
}
#else
static void end(const struct second_end* kept) {
  kept->speaker.delivery->verdicts[0] = SHOAL_VERDICT_REJECTED;
  kept->speaker.delivery->retry_after_ms = 1;
}
#endif

static void* end_later(void* given) {
  struct second_end* kept = (struct second_end*)given;
  usleep((useconds_t)kept->speaker.amount * 1000);
  end(kept);
  free(kept);
  return NULL;
}

static void misbehave(shoal_instance* self, const shoal_call* call) {
  struct second_end* kept = (struct second_end*)malloc(sizeof *kept);
  pthread_t thread;
  if (kept == NULL) return;
  kept->speaker = *self;
  kept->call = call;
  if (pthread_create(&thread, NULL, end_later, kept) == 0) pthread_detach(thread);
}
