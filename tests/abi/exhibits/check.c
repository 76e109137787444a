/* A verdict with performance data, after start() and before stop(). */
#include "exhibit.h"

SHOAL_MANIFEST("{\"id\": \"check\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"check\", " OPTIONS "}");

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_instance* self = make(given);
  if (self == NULL) return SHOAL_FAILED;
  if (declare(self, SHOAL_GAUGE, SHOAL_TEXT("exhibit.depth"), &self->series[0]) != SHOAL_OK) {
    destroy(self);
    return SHOAL_FAILED;
  }
  *made = self;
  return SHOAL_OK;
}

static shoal_status start(shoal_instance* self, const shoal_call* call) {
  (void)call;
  self->rounds = 1;
  return SHOAL_OK;
}

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_point depth = {self->series[0], 0, 0, 12.5};
  const shoal_check_report report = {
      .size = sizeof report,
      .status = self->rounds == 1 ? SHOAL_CHECK_WARNING : SHOAL_CHECK_UNKNOWN,
      .text = SHOAL_TEXT("WARNING: shallow"),
      .points = {&depth, 1, sizeof depth}};
  return self->host->report(self->context, call, &report);
}

static shoal_status stop(shoal_instance* self, const shoal_call* call) {
  (void)call;
  self->rounds = 0;
  return SHOAL_OK;
}

const shoal_module* shoal_module_v1(void) {
  static const shoal_check table = {.size = sizeof table, .check = check};
  static const shoal_plugin plugin = {.size = sizeof plugin,
                                      .create = create,
                                      .start = start,
                                      .stop = stop,
                                      .destroy = destroy,
                                      .check = &table};
  static const shoal_module module = {.size = sizeof module,
                                      .abi_major = SHOAL_ABI_MAJOR,
                                      .abi_minor = SHOAL_ABI_MINOR,
                                      .plugin = &plugin};
  return &module;
}
