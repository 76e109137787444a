/* What the animals of the zoo share: a plugin of any kind that is sound but for misbehave(), which
 * each animal defines. It is called where the option `where` says, once the instance has been well
 * for `after_rounds` rounds; `amount` is the animal's own measure of how much.
 *
 * The build names the animal and its kind: ANIMAL_NAME, ANIMAL_KIND (text), and one of
 * ANIMAL_METRIC, ANIMAL_CHECK, ANIMAL_OUTPUT. A source may define ANIMAL_AMOUNT, or ANIMAL_OPTIONS
 * and ANIMAL_SERIES as a whole, before it includes this. Thread rule: as shoal/types.h. */
#ifndef ZOO_ANIMAL_H
#define ZOO_ANIMAL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <shoal/shoal.h>

#ifndef ANIMAL_AMOUNT
#define ANIMAL_AMOUNT "1"
#endif
#ifndef ANIMAL_OPTIONS
#define ANIMAL_OPTIONS                                                          \
  "{\"where\": {\"type\": \"string\", \"default\": \"round\","                  \
  " \"enum\": [\"create\", \"start\", \"round\", \"stop\", \"destroy\"]},"      \
  " \"after_rounds\": {\"type\": \"integer\", \"minimum\": 0, \"default\": 0}," \
  " \"amount\": {\"type\": \"integer\", \"minimum\": 0, \"default\": " ANIMAL_AMOUNT "}}"
#endif
#ifndef ANIMAL_SERIES
#define ANIMAL_SERIES "[{\"name\": \"zoo." ANIMAL_NAME ".*\", \"kind\": \"gauge\"}]"
#endif

SHOAL_MANIFEST("{\"id\": \"" ANIMAL_NAME "\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"" ANIMAL_KIND
               "\", \"summary\": \"a bad plugin, for tests\","
               " \"options\": " ANIMAL_OPTIONS ", \"series\": " ANIMAL_SERIES
               ", \"accepts\": [\"sample\", \"check_result\", \"event\"]}");

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  char where[16];
  int64_t after_rounds;
  int64_t amount;
  int64_t rounds; /* begun so far */
  int64_t made;   /* of whatever the animal makes too many */
  uint32_t series;
  shoal_status status; /* of the present round; SHOAL_OK unless it failed */
  /* Only while deliver() runs. */
  const shoal_batch* batch;
  shoal_delivery* delivery;
};

/* Breaks the animal's rule. `call` is NULL in create and destroy. */
static void misbehave(shoal_instance* self, const shoal_call* call);

static inline shoal_text animal_text(const char* words) {
  shoal_text text;
  text.data = words;
  text.size = strlen(words);
  return text;
}

static inline void animal_explain(const shoal_instance* self, const char* reason) {
  self->host->explain(self->context, animal_text(reason));
}

/* For what even a bad plugin notices: its round fails, and says why. */
static inline void animal_fail(shoal_instance* self, const char* reason) {
  animal_explain(self, reason);
  self->status = SHOAL_FAILED;
}

static void animal_act(shoal_instance* self, const shoal_call* call, const char* where) {
  if (strcmp(self->where, where) != 0) return;
  if (strcmp(where, "round") == 0 && self->rounds <= self->after_rounds) return;
  misbehave(self, call);
}

static void animal_read_options(shoal_instance* self) {
  const shoal_options* options =
      (const shoal_options*)self->host->service(self->host, SHOAL_SERVICE_OPTIONS);
  shoal_text where = {"round", 5};
  if (options != NULL) {
    options->text(self->context, "/where", &where);
    options->integer(self->context, "/after_rounds", &self->after_rounds);
    options->integer(self->context, "/amount", &self->amount);
  }
  if (where.size < sizeof self->where) memcpy(self->where, where.data, where.size);
}

static shoal_status animal_create(const shoal_create* given, shoal_instance** made) {
  shoal_instance* self = (shoal_instance*)calloc(1, sizeof *self);
  shoal_series series = {sizeof series, SHOAL_GAUGE, {"", 0}, {"", 0}, {NULL, 0, 0}, 0};
  if (self == NULL) return SHOAL_FAILED;
  self->host = given->host;
  self->context = given->context;
  animal_read_options(self);
  series.name = animal_text("zoo." ANIMAL_NAME ".rounds");
  series.labels.stride = sizeof(shoal_label);
  if (self->host->declare(self->context, &series, &self->series) != SHOAL_OK) {
    free(self);
    return SHOAL_FAILED;
  }
  animal_act(self, NULL, "create");
  *made = self;
  return SHOAL_OK;
}

static shoal_status animal_start(shoal_instance* self, const shoal_call* call) {
  animal_act(self, call, "start");
  return SHOAL_OK;
}

static shoal_status animal_stop(shoal_instance* self, const shoal_call* call) {
  animal_act(self, call, "stop");
  return SHOAL_OK;
}

static void animal_destroy(shoal_instance* self) {
  animal_act(self, NULL, "destroy");
  free(self);
}

#if defined(ANIMAL_METRIC)
static shoal_status animal_collect(shoal_instance* self, const shoal_call* call) {
  shoal_point point = {self->series, 0, 0, 0};
  point.value = (double)++self->rounds;
  animal_act(self, call, "round");
  if (self->status != SHOAL_OK) return self->status;
  return self->host->emit(self->context, call, &point, 1);
}
static const shoal_metric animal_metric = {sizeof(shoal_metric), 0, animal_collect};
#define ANIMAL_TABLES &animal_metric, NULL, NULL

#elif defined(ANIMAL_CHECK)
static shoal_status animal_check(shoal_instance* self, const shoal_call* call) {
  shoal_check_report report = {
      sizeof report, SHOAL_CHECK_OK, {"well", 4}, {NULL, 0, sizeof(shoal_point)}};
  ++self->rounds;
  animal_act(self, call, "round");
  if (self->status != SHOAL_OK) return self->status;
  return self->host->report(self->context, call, &report);
}
static const shoal_check animal_check_table = {sizeof(shoal_check), 0, animal_check};
#define ANIMAL_TABLES NULL, &animal_check_table, NULL

#elif defined(ANIMAL_OUTPUT)
static shoal_status animal_deliver(shoal_instance* self, const shoal_call* call,
                                   const shoal_batch* batch, shoal_delivery* delivery) {
  ++self->rounds;
  memset(delivery->verdicts, SHOAL_VERDICT_DELIVERED, batch->records.count);
  self->batch = batch;
  self->delivery = delivery;
  animal_act(self, call, "round");
  self->batch = NULL;
  self->delivery = NULL;
  return self->status;
}
static const shoal_output animal_output = {sizeof(shoal_output), 0, animal_deliver};
#define ANIMAL_TABLES NULL, NULL, &animal_output
#endif

const shoal_module* shoal_module_v1(void) {
  static const shoal_plugin plugin = {
      sizeof plugin, 0, animal_create, animal_start, animal_stop, animal_destroy, ANIMAL_TABLES};
  static const shoal_module module = {sizeof module, SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0, &plugin};
  return &module;
}

#endif
