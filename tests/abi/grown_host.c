/* A host of a pretended 1.1, built with headers that have grown (grown_headers.py): its structs are
 * longer, its arrays' strides wider, and it loads plugins of 1.0.
 *
 *   grown_host METRIC.so CHECK.so OUTPUT.so    exit code 0 if all is as it should be */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <shoal/shoal.h>

#ifndef SHOAL_GROWN
#error "to be built with headers that have grown"
#endif

/* What a plugin of 1.0 must never look at. */
static const void* const later = (const void*)(uintptr_t)0xA5A5A5A5;

static double values[4];
static uint32_t declared;
static uint32_t reported = SHOAL_CHECK_UNKNOWN;
static double depth;

static void expect(int is_so, const char* what) {
  if (is_so) return;
  fprintf(stderr, "not so: %s\n", what);
  exit(1);
}

static shoal_status give_text(shoal_context* context, const char* pointer, shoal_text* value) {
  (void)context;
  if (strcmp(pointer, "/word") != 0) return SHOAL_NOTHING;
  *value = SHOAL_TEXT("salt");
  return SHOAL_OK;
}

static shoal_status give_integer(shoal_context* context, const char* pointer, int64_t* value) {
  (void)context;
  (void)pointer;
  *value = 7;
  return SHOAL_OK;
}

static shoal_status give_count(shoal_context* context, const char* pointer, uint32_t* value) {
  (void)context;
  (void)pointer;
  *value = 2;
  return SHOAL_OK;
}

static shoal_status get(shoal_context* context, shoal_text key, shoal_receive_text receive,
                        void* user) {
  (void)context;
  (void)key;
  (void)receive;
  (void)user;
  return SHOAL_NOTHING;
}

static shoal_status put(shoal_context* context, shoal_text key, shoal_text value) {
  (void)context;
  (void)key;
  (void)value;
  return SHOAL_OK;
}

static int64_t now(shoal_context* context) {
  (void)context;
  return 1000;
}

static const void* service(const shoal_host* host, const char* id) {
  static const shoal_options options = {.size = sizeof options,
                                        .text = give_text,
                                        .integer = give_integer,
                                        .count = give_count,
                                        .later = later};
  static const shoal_state state = {.size = sizeof state, .get = get, .put = put, .later = later};
  static const shoal_clock clock = {
      .size = sizeof clock, .unix_ns = now, .steady_ns = now, .later = later};
  (void)host;
  if (strcmp(id, SHOAL_SERVICE_OPTIONS) == 0) return &options;
  if (strcmp(id, SHOAL_SERVICE_STATE) == 0) return &state;
  if (strcmp(id, SHOAL_SERVICE_CLOCK) == 0) return &clock;
  return NULL;
}

static void write_log(shoal_context* context, uint32_t level, shoal_text message) {
  (void)context;
  (void)level;
  (void)message;
}

static void explain(shoal_context* context, shoal_text reason) {
  (void)context;
  fprintf(stderr, "the plugin says: %.*s\n", (int)reason.size, reason.data);
}

static shoal_status declare(shoal_context* context, const shoal_series* series, uint32_t* handle) {
  (void)context;
  expect(!SHOAL_HAS(series, shoal_series, later), "a 1.0 plugin writes the size of 1.0");
  expect(series->per_seconds == 60, "the last member of 1.0 is where it was");
  *handle = declared++;
  return SHOAL_OK;
}

static shoal_status emit(shoal_context* context, const shoal_call* call, const shoal_point* points,
                         size_t count) {
  size_t i;
  (void)context;
  expect(call->later == later, "the call came back as it was given");
  for (i = 0; i < count; ++i) values[points[i].series] = points[i].value;
  return SHOAL_OK;
}

static shoal_status report(shoal_context* context, const shoal_call* call,
                           const shoal_check_report* given) {
  (void)context;
  (void)call;
  expect(!SHOAL_HAS(given, shoal_check_report, later), "a report has the size of 1.0");
  reported = given->status;
  depth = SHOAL_AT(shoal_point, given->points, 0)->value;
  return SHOAL_OK;
}

static const shoal_host host = {.size = sizeof host,
                                .abi_minor = SHOAL_ABI_MINOR,
                                .service = service,
                                .log = write_log,
                                .explain = explain,
                                .declare = declare,
                                .emit = emit,
                                .report = report,
                                .later = (const void*)(uintptr_t)0xA5A5A5A5};

static const uint32_t go_on = 0;

static const shoal_call call = {.size = sizeof call,
                                .attempt = 1,
                                .scheduled_ns = 1767366000000000000,
                                .deadline_ns = 1000000000,
                                .cancel = &go_on,
                                .later = (const void*)(uintptr_t)0xA5A5A5A5};

static const shoal_plugin* load(const char* file) {
  typedef const shoal_module* entry(void);
  void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  entry* function = NULL;
  if (library == NULL) fprintf(stderr, "%s\n", dlerror());
  expect(library != NULL, "the plugin loads");
  *(void**)&function = dlsym(library, "shoal_module_v1");
  expect(function != NULL, "it has its function");
  expect(function()->abi_minor < SHOAL_ABI_MINOR, "it is older than this host");
  return function()->plugin;
}

static shoal_instance* make(const shoal_plugin* plugin) {
  const shoal_create create = {.size = sizeof create,
                               .host = &host,
                               .job = SHOAL_TEXT("it"),
                               .options_json = SHOAL_TEXT("{}"),
                               .later = later};
  shoal_instance* instance = NULL;
  declared = 0;
  expect(plugin->create(&create, &instance) == SHOAL_OK, "it can be made");
  return instance;
}

static void run_metric(const shoal_plugin* plugin) {
  shoal_instance* instance = make(plugin);
  expect(plugin->metric->collect(instance, &call) == SHOAL_OK, "a round is well");
  expect(values[0] == 1 && values[1] == 100 && values[2] == 5, "its values came");
  plugin->destroy(instance);
}

static void run_check(const shoal_plugin* plugin) {
  shoal_instance* instance = make(plugin);
  expect(plugin->start(instance, &call) == SHOAL_OK, "it starts");
  expect(plugin->check->check(instance, &call) == SHOAL_OK, "it judges");
  expect(reported == SHOAL_CHECK_WARNING && depth == 12.5, "its verdict came");
  expect(plugin->stop(instance, &call) == SHOAL_OK, "it stops");
  plugin->destroy(instance);
}

static void run_output(const shoal_plugin* plugin) {
  /* A label is frozen, but an array says its own stride. */
  const struct {
    shoal_label label;
    uint64_t beyond;
  } labels[] = {{{SHOAL_TEXT("of"), SHOAL_TEXT("exhibit")}, 0xA5A5A5A5}};
  const shoal_sample sample = {.size = sizeof sample,
                               .name = SHOAL_TEXT("a.b.c"),
                               .unit = SHOAL_TEXT(""),
                               .labels = {labels, 1, sizeof labels[0]},
                               .value = 2.5,
                               .time_ns = 1767366000000000000,
                               .later = later};
  const shoal_check_result result = {
      .size = sizeof result, .status = SHOAL_CHECK_CRITICAL, .later = later};
  const shoal_record records[] = {
      {.size = sizeof records[0],
       .kind = SHOAL_RECORD_CHECK_RESULT,
       .check_result = &result,
       .later = later},
      {.size = sizeof records[0], .kind = 99, .later = later},
      {.size = sizeof records[0], .kind = SHOAL_RECORD_SAMPLE, .sample = &sample, .later = later}};
  const shoal_batch batch = {
      .size = sizeof batch, .records = {records, 3, sizeof records[0]}, .later = later};
  uint8_t verdicts[4] = {SHOAL_VERDICT_RETRY, SHOAL_VERDICT_RETRY, SHOAL_VERDICT_RETRY, 77};
  shoal_delivery delivery = {.size = sizeof delivery, .verdicts = verdicts, .later = later};
  shoal_instance* instance = make(plugin);
  expect(plugin->output->deliver(instance, &call, &batch, &delivery) == SHOAL_OK, "it delivers");
  expect(verdicts[0] == SHOAL_VERDICT_REJECTED, "the first record was refused");
  expect(verdicts[1] == SHOAL_VERDICT_DELIVERED, "a record of a later kind is let go");
  expect(verdicts[2] == SHOAL_VERDICT_DELIVERED, "the third record was found and is whole");
  expect(verdicts[3] == 77, "nothing was written beyond the verdicts");
  expect(delivery.retry_after_ms == 1500 && delivery.later == later, "the delivery was filled");
  plugin->destroy(instance);
}

int main(int count, char** files) {
  expect(count == 4, "called with three plugins");
  run_metric(load(files[1]));
  run_check(load(files[2]));
  run_output(load(files[3]));
  return 0;
}
