/* Series of each kind, options, state and clock. */
#include "exhibit.h"

SHOAL_MANIFEST("{\"id\": \"metric\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"metric\", \"needs\": [\"shoal.state/1\"], " OPTIONS "}");

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_instance* self = make(given);
  shoal_text word = {"", 0};
  int64_t amount = 0;
  uint32_t count = 0;
  if (self == NULL) return SHOAL_FAILED;
  if (self->options->text(self->context, "/word", &word) != SHOAL_OK || word.size != 4 ||
      self->options->integer(self->context, "/amount", &amount) != SHOAL_OK || amount != 7 ||
      self->options->count(self->context, "/list", &count) != SHOAL_OK || count != 2 ||
      self->options->text(self->context, "/none", &word) != SHOAL_NOTHING ||
      declare(self, SHOAL_GAUGE, SHOAL_TEXT("exhibit.rounds"), &self->series[0]) != SHOAL_OK ||
      declare(self, SHOAL_COUNTER, SHOAL_TEXT("exhibit.counter"), &self->series[1]) != SHOAL_OK ||
      declare(self, SHOAL_INTERVAL, SHOAL_TEXT("exhibit.interval"), &self->series[2]) != SHOAL_OK ||
      declare(self, SHOAL_GAUGE, SHOAL_TEXT("exhibit.grown"), &self->series[3]) != SHOAL_OK) {
    const shoal_status status = explain(self, SHOAL_TEXT("the host is not what it was"));
    destroy(self);
    return status;
  }
  *made = self;
  return SHOAL_OK;
}

static void take_rounds(void* user, shoal_text text) {
  if (text.size == sizeof(int64_t)) memcpy(user, text.data, sizeof(int64_t));
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  const shoal_text key = SHOAL_TEXT("rounds");
  const shoal_text value = {(const char*)&self->rounds, sizeof self->rounds};
  shoal_point points[4];
  if (call->attempt != 1 || *call->cancel != 0) return explain(self, SHOAL_TEXT("a strange call"));
  if (self->clock->steady_ns(self->context) > call->deadline_ns) return SHOAL_DEADLINE;
  self->state->get(self->context, key, &take_rounds, &self->rounds);
  ++self->rounds;
  if (self->state->put(self->context, key, value) != SHOAL_OK) return SHOAL_FAILED;
  points[0] = (shoal_point){self->series[0], 0, 0, (double)self->rounds};
  points[1] = (shoal_point){self->series[1], 0, 0, (double)self->rounds * 100};
  points[2] = (shoal_point){self->series[2], 0, 0, 5};
  points[3] = (shoal_point){self->series[3], 0, 0, is_grown(self->host)};
  self->host->log(self->context, SHOAL_LOG_DEBUG, SHOAL_TEXT("a round"));
  return self->host->emit(self->context, call, points, 4);
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
