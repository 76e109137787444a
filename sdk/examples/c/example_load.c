/* SPDX-License-Identifier: MIT
 *
 * The smallest useful plugin: the load average of the last minute. Build it anywhere with
 *   cc -shared -fPIC $(pkg-config --cflags shoal-sdk) -o example_load.so example_load.c \
 *     $(pkg-config --libs shoal-sdk)
 * and drop example_load.so into the plugin directory under metric/. */
#include <stdlib.h>

#include <shoal/shoal.h>

SHOAL_MANIFEST("{\"id\": \"example_load\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"metric\", \"summary\": \"load average of the last minute\", "
               "\"series\": [{\"name\": \"example_load.minute\", \"kind\": \"gauge\"}]}");

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  uint32_t series;
};

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_series series = {.size = sizeof series,
                               .kind = SHOAL_GAUGE,
                               .name = SHOAL_TEXT("example_load.minute"),
                               .unit = SHOAL_TEXT("float")};
  shoal_instance* self = malloc(sizeof *self);
  if (self == NULL) return SHOAL_FAILED;
  self->host = given->host;
  self->context = given->context;
  if (self->host->declare(self->context, &series, &self->series) != SHOAL_OK) {
    free(self);
    return SHOAL_FAILED;
  }
  *made = self;
  return SHOAL_OK;
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  shoal_point point = {self->series, 0, 0, 0};
  if (getloadavg(&point.value, 1) != 1) {
    self->host->explain(self->context, SHOAL_TEXT("this system gives no load average"));
    return SHOAL_UNSUPPORTED;
  }
  return self->host->emit(self->context, call, &point, 1);
}

static void destroy(shoal_instance* self) {
  free(self);
}

const shoal_module* shoal_module_v1(void) {
  static const shoal_metric metric = {.size = sizeof metric, .collect = collect};
  static const shoal_plugin plugin = {
      .size = sizeof plugin, .create = create, .destroy = destroy, .metric = &metric};
  static const shoal_module module = {.size = sizeof module,
                                      .abi_major = SHOAL_ABI_MAJOR,
                                      .abi_minor = SHOAL_ABI_MINOR,
                                      .plugin = &plugin};
  return &module;
}
