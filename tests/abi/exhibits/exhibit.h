/* What the exhibits share. They use as much of the ABI as a plugin can, and are compiled three
 * ways: once for ever (museum/), at each build, and with headers that have grown
 * (grown_headers.py). */
#ifndef EXHIBIT_H
#define EXHIBIT_H

#include <stdlib.h>
#include <string.h>

#include <shoal/shoal.h>

#define OPTIONS                                                                              \
  "\"options\": {\"word\": {\"type\": \"string\", \"default\": \"salt\"}, "                  \
  "\"amount\": {\"type\": \"integer\", \"default\": 7}, "                                    \
  "\"list\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"default\": [\"a\", " \
  "\"b\"]}}"

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  const shoal_options* options;
  const shoal_state* state;
  const shoal_clock* clock;
  uint32_t series[4];
  int64_t rounds;
};

static shoal_status explain(struct shoal_instance* self, shoal_text reason) {
  self->host->explain(self->context, reason);
  return SHOAL_FAILED;
}

static struct shoal_instance* make(const shoal_create* given) {
  struct shoal_instance* self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  self->host = given->host;
  self->context = given->context;
  self->options = given->host->service(given->host, SHOAL_SERVICE_OPTIONS);
  self->state = given->host->service(given->host, SHOAL_SERVICE_STATE);
  self->clock = given->host->service(given->host, SHOAL_SERVICE_CLOCK);
  return self;
}

static void destroy(struct shoal_instance* self) {
  free(self);
}

static shoal_status declare(struct shoal_instance* self, uint32_t kind, shoal_text name,
                            uint32_t* handle) {
  const shoal_label label = {SHOAL_TEXT("of"), SHOAL_TEXT("exhibit")};
  const shoal_series series = {.size = sizeof series,
                               .kind = kind,
                               .name = name,
                               .unit = SHOAL_TEXT("bytes"),
                               .labels = {&label, 1, sizeof label},
                               .per_seconds = 60};
  return self->host->declare(self->context, &series, handle);
}

/* 1 in a host whose tables have a member that these headers know and 1.0 did not. */
static double is_grown(const shoal_host* host) {
#ifdef SHOAL_GROWN
  return SHOAL_HAS(host, shoal_host, later) ? 1 : 0;
#else
  (void)host;
  return 0;
#endif
}

#endif
