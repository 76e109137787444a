/* A metric whose build number stands in its bytes, so that a test makes a new version by writing
 * another number there (upgraded_plugin.py). Says its number as a gauge, and a counter that goes on
 * whichever build reads it: the milliseconds since boot. Build 666666 crashes when it is made,
 * build 555555 refuses. */
#include <stdlib.h>
#include <time.h>

#include <shoal/shoal.h>

SHOAL_MANIFEST("{\"id\": \"upgraded\", \"version\": \"1.0.100000\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"metric\", \"summary\": \"says which build it is\", "
               "\"series\": [{\"name\": \"upgraded.build\", \"kind\": \"gauge\"}, "
               "{\"name\": \"upgraded.ticks\", \"kind\": \"counter\"}]}");

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  uint32_t build_series;
  uint32_t ticks_series;
};

static volatile const char build_text[] = "build 100000";

static int build(void) {
  int number = 0;
  for (const volatile char* at = build_text + 6; *at != '\0'; ++at)
    number = number * 10 + *at - '0';
  return number;
}

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_series series = {.size = sizeof series,
                         .kind = SHOAL_GAUGE,
                         .name = SHOAL_TEXT("upgraded.build"),
                         .unit = SHOAL_TEXT("integer")};
  shoal_instance* self = malloc(sizeof *self);
  if (self == NULL) return SHOAL_FAILED;
  if (build() == 666666) abort();
  self->host = given->host;
  self->context = given->context;
  if (build() == 555555) {
    self->host->explain(self->context, SHOAL_TEXT("this build does not like it here"));
    free(self);
    return SHOAL_CONFIG;
  }
  self->host->declare(self->context, &series, &self->build_series);
  series.kind = SHOAL_COUNTER;
  series.name = SHOAL_TEXT("upgraded.ticks");
  self->host->declare(self->context, &series, &self->ticks_series);
  *made = self;
  return SHOAL_OK;
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  struct timespec now;
  shoal_point points[2] = {{self->build_series, 0, 0, build()}, {self->ticks_series, 0, 0, 0}};
  clock_gettime(CLOCK_BOOTTIME, &now);
  points[1].value = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
  return self->host->emit(self->context, call, points, 2);
}

static shoal_status stop(shoal_instance* self, const shoal_call* call) {
  (void)call;
  self->host->log(self->context, SHOAL_LOG_INFO, SHOAL_TEXT("farewell"));
  return SHOAL_OK;
}

static void destroy(shoal_instance* self) {
  free(self);
}

const shoal_module* shoal_module_v1(void) {
  static const shoal_metric metric = {.size = sizeof metric, .collect = collect};
  static const shoal_plugin plugin = {
      .size = sizeof plugin, .create = create, .stop = stop, .destroy = destroy, .metric = &metric};
  static const shoal_module module = {.size = sizeof module,
                                      .abi_major = SHOAL_ABI_MAJOR,
                                      .abi_minor = SHOAL_ABI_MINOR,
                                      .plugin = &plugin};
  return &module;
}
