/* Names, units, log lines, reasons and verdicts that are no UTF-8. types.h, shoal_text: UTF-8
 * bytes. */
#include "../animal.h"

/* A lone continuation, an overlong slash, half of a surrogate pair, a byte that never occurs, NUL.
 */
#define NONSENSE "\x80 \xC0\xAF \xED\xA0\x80 \xFF \0"

static void misbehave(shoal_instance* self, const shoal_call* call) {
  const shoal_text nonsense = {NONSENSE, sizeof NONSENSE - 1};
  const shoal_label label = {nonsense, nonsense};
  const shoal_series series = {
      sizeof series, SHOAL_GAUGE, nonsense, nonsense, {&label, 1, sizeof label}, 0};
  uint32_t handle = 0;
  self->host->log(self->context, SHOAL_LOG_WARNING, nonsense);
  self->host->explain(self->context, nonsense);
  if (self->host->declare(self->context, &series, &handle) == SHOAL_OK) self->made = handle;
#if defined(ANIMAL_CHECK)
  const shoal_check_report report = {
      sizeof report, SHOAL_CHECK_WARNING, nonsense, {NULL, 0, sizeof(shoal_point)}};
  self->host->report(self->context, call, &report);
#else
  (void)call;
#endif
}
