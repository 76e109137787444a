/* Fills what it gives the host with 0xA5. With `amount` 0 only the numbers, which any reader must
 * bear; with 1 the sizes and pointers too, which cost the process that follows them. types.h,
 * Growth and Memory: who fills a struct writes its size, and text.data is never NULL nor wild. */
#define ANIMAL_AMOUNT "0"
#include "../animal.h"

#define GARBAGE 0xA5

#if defined(ANIMAL_METRIC)
static void misbehave(shoal_instance* self, const shoal_call* call) {
  shoal_point points[3];
  shoal_series series;
  uint32_t handle = 0;
  memset(points, GARBAGE, sizeof points);
  memset(&series, GARBAGE, sizeof series);
  if (self->amount == 0) {
    series.size = sizeof series;
    series.name = animal_text("zoo.garbage.series");
    series.unit = animal_text("\xA5");
    series.labels.data = NULL;
    series.labels.count = 0;
  } else {
    series.name.size = 8; /* so that a reader is tempted */
  }
  self->host->emit(self->context, call, points, 3);
  self->host->declare(self->context, &series, &handle);
  self->host->log(self->context, 0xA5A5A5A5u, animal_text("level 0xA5A5A5A5"));
}
#elif defined(ANIMAL_CHECK)
static void misbehave(shoal_instance* self, const shoal_call* call) {
  shoal_point points[3];
  shoal_check_report report;
  memset(points, GARBAGE, sizeof points);
  memset(&report, GARBAGE, sizeof report);
  if (self->amount == 0) {
    report.size = sizeof report;
    report.text = animal_text("\xA5");
    report.points.data = points;
    report.points.count = 3;
    report.points.stride = sizeof *points;
  }
  self->host->report(self->context, call, &report);
}
#else
static void misbehave(shoal_instance* self, const shoal_call* call) {
  (void)call;
  memset(self->delivery->verdicts, GARBAGE, self->batch->records.count);
  self->delivery->retry_after_ms = 0xA5A5A5A5u;
  self->delivery->next_offer_ns = (int64_t)0xA5A5A5A5A5A5A5A5u;
  if (self->amount > 0) memset(self->delivery, GARBAGE, sizeof *self->delivery);
}
#endif
