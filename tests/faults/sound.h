/* A sound plugin in parts, of each kind. A fault takes the parts it does not spoil, and spoils one.
 *
 * The plugin reads the first number of a file (option `path`) and holds it against `limit`: the
 * metric emits it, the check judges it; the output counts what it is offered. It believes nothing
 * that the header does not promise: sizes, strides, statuses and absent services are looked at each
 * time. PLUGIN_ID comes from the build. Thread rule: as shoal/types.h. */
#ifndef FAULTS_SOUND_H
#define FAULTS_SOUND_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <shoal/shoal.h>

/* `more` are further options, each with a comma in front. */
#define SOUND_OPTIONS_AND(more)                                               \
  "{\"path\": {\"type\": \"string\", \"default\": \"/proc/loadavg\","         \
  " \"description\": \"a file that begins with a number\"},"                  \
  " \"limit\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000000," \
  " \"default\": 100000, \"description\": \"more than this is critical\"}" more "}"
#define SOUND_OPTIONS SOUND_OPTIONS_AND("")
#define SOUND_SERIES                                                       \
  "[{\"name\": \"sound.value\", \"kind\": \"gauge\", \"unit\": \"float\"," \
  " \"description\": \"the number\"}]"
#define SOUND_IDENTITY(kind)                                                      \
  "\"id\": \"" PLUGIN_ID "\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT \
  "\","                                                                           \
  " \"kind\": \"" kind "\", \"summary\": \"for the conformance tester\""
#define SOUND_MEMBERS ", \"options\": " SOUND_OPTIONS ", \"series\": " SOUND_SERIES
#define SOUND_ACCEPTS \
  ", \"accepts\": [\"sample\", \"check_result\", \"event\", \"metadata\", \"graph_definition\"]"

/* `more` are further members, each with a comma in front. */
#define SOUND_MANIFEST(kind, more) SHOAL_MANIFEST("{" SOUND_IDENTITY(kind) SOUND_MEMBERS more "}")
#define SOUND_OUTPUT_MANIFEST(more)                                                              \
  SHOAL_MANIFEST("{" SOUND_IDENTITY("output") ", \"options\": " SOUND_OPTIONS SOUND_ACCEPTS more \
                                              "}")

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  char* path;
  int64_t limit;
  uint32_t series;
  uint64_t rounds;
  void* own; /* a fault's; not freed here */
};

static inline shoal_text sound_text(const char* words) {
  shoal_text text;
  text.data = words;
  text.size = strlen(words);
  return text;
}

static inline shoal_status sound_fail(const shoal_instance* self, shoal_status status,
                                      const char* reason) {
  self->host->explain(self->context, sound_text(reason));
  return status;
}

static inline int sound_is_cancelled(const shoal_call* call) {
  return SHOAL_HAS(call, shoal_call, cancel) && call->cancel != NULL &&
         __atomic_load_n(call->cancel, __ATOMIC_RELAXED) != 0;
}

/* ---- create and destroy ---- */

static inline void sound_destroy(shoal_instance* self) {
  free(self->path);
  free(self);
}

static inline shoal_status sound_read_path(shoal_instance* self, const shoal_options* options) {
  shoal_text path = {"", 0};
  FILE* file;
  char reason[200];
  const shoal_status status = options->text(self->context, "/path", &path);
  if (status == SHOAL_NOTHING) return sound_fail(self, SHOAL_CONFIG, "path: is missing");
  if (status != SHOAL_OK) return status;
  if (memchr(path.data, 0, path.size) != NULL) {
    return sound_fail(self, SHOAL_CONFIG, "path: expected a file name, got a NUL byte");
  }
  self->path = (char*)malloc(path.size + 1);
  if (self->path == NULL) return sound_fail(self, SHOAL_FAILED, "out of memory");
  memcpy(self->path, path.data, path.size);
  self->path[path.size] = 0;
  file = fopen(self->path, "re");
  if (file == NULL) {
    snprintf(reason, sizeof reason, "path: cannot open the file: %s", strerror(errno));
    return sound_fail(self, SHOAL_CONFIG, reason);
  }
  fclose(file);
  return SHOAL_OK;
}

static inline shoal_status sound_read_options(shoal_instance* self) {
  const shoal_options* options =
      (const shoal_options*)self->host->service(self->host, SHOAL_SERVICE_OPTIONS);
  shoal_status status;
  if (options == NULL || !SHOAL_HAS(options, shoal_options, integer)) {
    return sound_fail(self, SHOAL_UNSUPPORTED, "this host has no options service");
  }
  status = sound_read_path(self, options);
  if (status != SHOAL_OK) return status;
  self->limit = 100000;
  status = options->integer(self->context, "/limit", &self->limit);
  return status == SHOAL_NOTHING ? SHOAL_OK : status;
}

static inline shoal_series sound_series(const char* name, uint32_t kind, const char* unit) {
  shoal_series series;
  memset(&series, 0, sizeof series);
  series.size = sizeof series;
  series.kind = kind;
  series.name = sound_text(name);
  series.unit = sound_text(unit);
  series.labels.stride = sizeof(shoal_label);
  return series;
}

/* Options, but no series. */
static inline shoal_status sound_create_bare(const shoal_create* given, shoal_instance** made) {
  shoal_instance* self;
  shoal_status status;
  if (!SHOAL_HAS(given, shoal_create, context) || !SHOAL_HAS(given->host, shoal_host, report)) {
    return SHOAL_UNSUPPORTED;
  }
  self = (shoal_instance*)calloc(1, sizeof *self);
  if (self == NULL) {
    given->host->explain(given->context, sound_text("out of memory"));
    return SHOAL_FAILED;
  }
  self->host = given->host;
  self->context = given->context;
  status = sound_read_options(self);
  if (status != SHOAL_OK) {
    sound_destroy(self);
    return status;
  }
  *made = self;
  return SHOAL_OK;
}

static inline shoal_status sound_create(const shoal_create* given, shoal_instance** made) {
  const shoal_series series = sound_series("sound.value", SHOAL_GAUGE, "float");
  shoal_instance* self = NULL;
  shoal_status status = sound_create_bare(given, &self);
  if (status != SHOAL_OK) return status;
  status = self->host->declare(self->context, &series, &self->series);
  if (status != SHOAL_OK) {
    sound_destroy(self);
    return status;
  }
  *made = self;
  return SHOAL_OK;
}

/* ---- a round ---- */

static inline shoal_status sound_read(const shoal_instance* self, double* value) {
  FILE* file = fopen(self->path, "re");
  int found;
  if (file == NULL) return sound_fail(self, SHOAL_FAILED, "path: cannot open the file any more");
  found = fscanf(file, "%lf", value);
  fclose(file);
  if (found != 1 || !(*value > -1e300 && *value < 1e300)) {
    return sound_fail(self, SHOAL_FAILED, "path: expected a number at the start of the file");
  }
  return SHOAL_OK;
}

static inline shoal_status sound_emit(shoal_instance* self, const shoal_call* call, double value) {
  shoal_point point = {0, 0, 0, 0};
  point.series = self->series;
  point.value = value;
  return self->host->emit(self->context, call, &point, 1);
}

static inline shoal_status sound_collect(shoal_instance* self, const shoal_call* call) {
  double value = 0;
  const shoal_status status = sound_read(self, &value);
  if (status != SHOAL_OK) return status;
  if (sound_is_cancelled(call)) return sound_fail(self, SHOAL_CANCELLED, "cancelled");
  ++self->rounds;
  return sound_emit(self, call, value);
}

static inline shoal_check_report sound_report(uint32_t status, const char* words) {
  shoal_check_report report;
  memset(&report, 0, sizeof report);
  report.size = sizeof report;
  report.status = status;
  report.text = sound_text(words);
  report.points.stride = sizeof(shoal_point);
  return report;
}

static inline shoal_status sound_check(shoal_instance* self, const shoal_call* call) {
  double value = 0;
  char words[100];
  shoal_check_report report;
  const shoal_status status = sound_read(self, &value);
  if (status != SHOAL_OK) return status;
  if (sound_is_cancelled(call)) return sound_fail(self, SHOAL_CANCELLED, "cancelled");
  snprintf(words, sizeof words, "%g of at most %lld", value, (long long)self->limit);
  report = sound_report(value > (double)self->limit ? SHOAL_CHECK_CRITICAL : SHOAL_CHECK_OK, words);
  return self->host->report(self->context, call, &report);
}

/* ---- a delivery ---- */

static inline const shoal_record* sound_record(const shoal_batch* batch, uint32_t index) {
  return SHOAL_AT(shoal_record, batch->records, index);
}

static inline uint32_t sound_count(const shoal_batch* batch) {
  return SHOAL_HAS(batch, shoal_batch, records) ? batch->records.count : 0;
}

/* NULL if the record is no sample that has a name. */
static inline const shoal_sample* sound_sample(const shoal_record* record) {
  if (!SHOAL_HAS(record, shoal_record, sample) || record->kind != SHOAL_RECORD_SAMPLE) return NULL;
  return SHOAL_HAS(record->sample, shoal_sample, name) ? record->sample : NULL;
}

static inline void sound_judge_all(const shoal_batch* batch, shoal_delivery* delivery,
                                   uint8_t verdict) {
  const uint32_t count = sound_count(batch);
  for (uint32_t i = 0; i < count; ++i) delivery->verdicts[i] = verdict;
}

static inline shoal_status sound_deliver(shoal_instance* self, const shoal_call* call,
                                         const shoal_batch* batch, shoal_delivery* delivery) {
  if (sound_is_cancelled(call)) return sound_fail(self, SHOAL_CANCELLED, "cancelled");
  self->rounds += sound_count(batch);
  sound_judge_all(batch, delivery, SHOAL_VERDICT_DELIVERED);
  return SHOAL_OK;
}

/* ---- the tables ---- */

#define SOUND_MODULE(create, start, stop, destroy, metric, check, output)                          \
  const shoal_module* shoal_module_v1(void) {                                                      \
    static const shoal_plugin plugin = {                                                           \
        sizeof(shoal_plugin), 0, create, start, stop, destroy, metric, check, output};             \
    static const shoal_module module = {sizeof(shoal_module), SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0, \
                                        &plugin};                                                  \
    return &module;                                                                                \
  }

#define SOUND_METRIC(create, start, stop, destroy, collect)                          \
  static const shoal_metric sound_metric_table = {sizeof(shoal_metric), 0, collect}; \
  SOUND_MODULE(create, start, stop, destroy, &sound_metric_table, NULL, NULL)

#define SOUND_CHECK(create, start, stop, destroy, check)                        \
  static const shoal_check sound_check_table = {sizeof(shoal_check), 0, check}; \
  SOUND_MODULE(create, start, stop, destroy, NULL, &sound_check_table, NULL)

#define SOUND_OUTPUT(create, start, stop, destroy, deliver)                          \
  static const shoal_output sound_output_table = {sizeof(shoal_output), 0, deliver}; \
  SOUND_MODULE(create, start, stop, destroy, NULL, NULL, &sound_output_table)

#endif
