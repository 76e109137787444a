/* Names, labels, log lines, reasons and verdicts of `amount` bytes. plugin.h, shoal_series: a name
 * has 1 to 200 bytes; a reason keeps 1 KiB of it, a verdict 64 KiB. */
#define ANIMAL_AMOUNT "1048576"
#include "../animal.h"

static void speak(shoal_instance* self, const shoal_call* call, shoal_text words) {
  const shoal_label label = {words, words};
  const shoal_series series = {
      sizeof series, SHOAL_GAUGE, words, words, {&label, 1, sizeof label}, 0};
  uint32_t handle = 0;
  self->host->log(self->context, SHOAL_LOG_WARNING, words);
  self->host->explain(self->context, words);
  if (self->host->declare(self->context, &series, &handle) == SHOAL_OK) self->made = handle;
#if defined(ANIMAL_CHECK)
  const shoal_check_report report = {
      sizeof report, SHOAL_CHECK_WARNING, words, {NULL, 0, sizeof(shoal_point)}};
  self->host->report(self->context, call, &report);
#else
  (void)call;
#endif
}

static void misbehave(shoal_instance* self, const shoal_call* call) {
  char* all = (char*)malloc((size_t)self->amount + 1);
  if (all == NULL) return;
  memset(all, 'm', (size_t)self->amount);
  speak(self, call, (shoal_text){all, (size_t)self->amount});
  free(all);
}
