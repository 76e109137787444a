/* The least a check can do. */
#include <stdlib.h>

#include <shoal/shoal.h>

SHOAL_MANIFEST("{\"id\": \"always_ok\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"check\", \"summary\": \"is always well\"}");

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
};

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_instance* self = malloc(sizeof *self);
  if (self == NULL) return SHOAL_FAILED;
  self->host = given->host;
  self->context = given->context;
  *made = self;
  return SHOAL_OK;
}

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  const shoal_check_report report = {
      sizeof report, SHOAL_CHECK_OK, SHOAL_TEXT("all is well"), {NULL, 0, sizeof(shoal_point)}};
  return self->host->report(self->context, call, &report);
}

static void destroy(shoal_instance* self) {
  free(self);
}

const shoal_module* shoal_module_v1(void) {
  static const shoal_check checks = {sizeof checks, 0, check};
  static const shoal_plugin plugin = {sizeof plugin, 0,    create,  NULL, NULL,
                                      destroy,       NULL, &checks, NULL};
  static const shoal_module module = {sizeof module, SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0, &plugin};
  return &module;
}
