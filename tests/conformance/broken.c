/* A plugin of each kind that keeps every rule, and one fault at a time, chosen by -DFAULT=name:
 * what the tester must find. Built by broken_test.py. */
#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>

#include <shoal/shoal.h>

/* Each fault is a name; IS(name) is constant. */
/* It finds no end in this one. */
/* clang-format off */
#define NAMES(X)                                                                                  \
  X(none)                                                                                         \
  X(leak)                                                                                         \
  X(fd_leak)                                                                                      \
  X(crash) X(exits) X(hangs) X(nan_value) X(bad_name) X(undeclared) X(foreign_series) X(seconds)  \
      X(late_emit) X(prints) X(no_reason) X(unknown_status) X(keeps_job) X(writes_options)        \
          X(c_string) X(exact_size) X(global) X(global_context) X(signals) X(environment)         \
              X(directory) X(locale_set) X(rounding) X(sleeps) X(deaf) X(no_report) X(bad_report) \
                  X(overrun) X(bad_verdict) X(kept_unknown) X(no_stride) X(touches)               \
                      X(empty_create) X(table_changes) X(no_state_check) X(null_text) X(not_utf8) \
                          X(secret) X(speaks_later) X(wrong_option)
/* clang-format on */
#define ENUM(name) fault_##name,
enum { NAMES(ENUM) fault_count };
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#ifndef FAULT
#define FAULT none
#endif
#define IS(name) (PASTE(fault_, FAULT) == fault_##name)

#if defined(CHECK)
#define KIND "check"
#elif defined(OUTPUT)
#define KIND "output"
#else
#define KIND "metric"
#endif

SHOAL_MANIFEST("{\"id\": \"broken\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"" KIND
               "\", \"summary\": \"one fault at a time\", "
               "\"options\": {\"size\": {\"type\": \"integer\", \"default\": 1, \"minimum\": 0},"
               "\"word\": {\"type\": \"string\", \"default\": \"x\"},"
               "\"token\": {\"type\": \"string\", \"x-secret\": true}}"
#if !defined(OUTPUT)
               ", \"series\": [{\"name\": \"broken.value\", \"kind\": \"gauge\"}]"
#endif
               "}");

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  uint32_t series;
  shoal_text job;
  pthread_t thread;
  const uint32_t* stop;
  char* memory;
};

static int rounds;                /* a writable global */
static shoal_instance* the_first; /* another */
static shoal_plugin writable;

static shoal_status declare(shoal_instance* self) {
  shoal_series series = {sizeof series,
                         SHOAL_GAUGE,
                         SHOAL_TEXT("broken.value"),
                         SHOAL_TEXT(""),
                         {NULL, 0, sizeof(shoal_label)},
                         0};
  if (IS(bad_name)) series.name = SHOAL_TEXT("broken value");
  if (IS(foreign_series)) series.name = SHOAL_TEXT("other.value");
  if (IS(null_text)) series.unit.data = NULL;
  if (!strcmp(KIND, "output")) return SHOAL_OK;
  return self->host->declare(self->context, &series, &self->series);
}

static void* speak_later(void* argument) {
  shoal_instance* self = argument;
  const shoal_host* host = self->host;
  shoal_context* context = self->context;
  usleep(300000);
  host->log(context, SHOAL_LOG_INFO, SHOAL_TEXT("still here"));
  return NULL;
}

static shoal_status read_options(shoal_instance* self) {
  const shoal_options* options = self->host->service(self->host, SHOAL_SERVICE_OPTIONS);
  int64_t size = 0;
  shoal_text token = {"", 0};
  if (options->integer(self->context, IS(wrong_option) ? "/word" : "/size", &size) < 0) {
    return SHOAL_CONFIG;
  }
  options->text(self->context, "/token", &token);
  if (IS(secret)) self->host->log(self->context, SHOAL_LOG_INFO, token);
  return SHOAL_OK;
}

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_instance* self;
  shoal_status status;
  if (IS(exact_size) && given->host->size != sizeof(shoal_host)) return SHOAL_BUG;
  if (IS(empty_create)) return SHOAL_OK;
  self = calloc(1, sizeof *self);
  if (self == NULL) return SHOAL_FAILED;
  self->host = given->host;
  self->context = given->context;
  self->job = given->job;
  if (IS(c_string) && strlen(given->job.data) > 1000) abort();
  if (IS(writes_options)) ((char*)given->options_json.data)[0] = '{';
  if (IS(leak)) self->memory = malloc(100);
  if (IS(global_context) && the_first == NULL) the_first = self;
  if (IS(signals)) signal(SIGUSR1, SIG_IGN);
  if (IS(environment)) setenv("BROKEN", "1", 1);
  if (IS(directory) && chdir("/tmp") != 0) return SHOAL_FAILED;
  if (IS(locale_set)) setlocale(LC_NUMERIC, "C.UTF-8");
  if (IS(rounding)) fesetround(FE_UPWARD);
  status = read_options(self);
  if (status == SHOAL_OK) status = declare(self);
  if (status != SHOAL_OK) {
    if (IS(touches)) *made = self;
    if (!IS(no_state_check)) free(self);
    return status;
  }
  if (IS(speaks_later)) pthread_create(&self->thread, NULL, speak_later, self);
  *made = self;
  return SHOAL_OK;
}

static shoal_status act(shoal_instance* self, const shoal_call* call) {
  if (IS(global)) ++rounds;
  if (IS(crash)) *(volatile int*)8 = 1;
  if (IS(exits)) exit(0);
  while (IS(hangs)) usleep(1000);
  if (IS(prints)) puts("hello");
  if (IS(fd_leak)) dup(0);
  if (IS(no_reason)) return SHOAL_FAILED;
  if (IS(unknown_status)) return 42;
  if (IS(sleeps)) sleep(4);
  if (IS(deaf)) {
    for (int i = 0; i < 40 && call->deadline_ns > 0; ++i) usleep(100000);
  }
  if (IS(keeps_job) && self->job.data[0] == 'x') return SHOAL_FAILED;
  if (IS(table_changes)) writable.flags = 1;
  if (IS(not_utf8)) self->host->log(self->context, SHOAL_LOG_INFO, (shoal_text){"\xff", 1});
  return SHOAL_OK;
}

static shoal_status emit(shoal_instance* self, const shoal_call* call) {
  shoal_point point = {self->series, 0, 0, 1};
  if (IS(nan_value)) point.value = NAN;
  if (IS(undeclared)) point.series = 7;
  if (IS(seconds)) point.time_ns = time(NULL);
  if (IS(global_context)) self = the_first;
  return self->host->emit(self->context, call, &point, 1);
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  const shoal_status status = act(self, call);
  return status == SHOAL_OK ? emit(self, call) : status;
}

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  shoal_check_report report = {
      sizeof report, SHOAL_CHECK_OK, SHOAL_TEXT("fine"), {NULL, 0, sizeof(shoal_point)}};
  const shoal_status status = act(self, call);
  if (status != SHOAL_OK || IS(no_report)) return status;
  if (IS(bad_report)) report.status = 4;
  return self->host->report(self->context, call, &report);
}

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  uint32_t i;
  const uint32_t count = batch->records.count + (IS(overrun) ? 1 : 0);
  const shoal_status status = act(self, call);
  if (status != SHOAL_OK) return status;
  for (i = 0; i < count; ++i) {
    const shoal_record* record = IS(no_stride) ? (const shoal_record*)batch->records.data + i
                                               : SHOAL_AT(shoal_record, batch->records, i);
    delivery->verdicts[i] = IS(bad_verdict) ? 9 : SHOAL_VERDICT_DELIVERED;
    if (i == batch->records.count) break;
    if (record->kind == SHOAL_RECORD_SAMPLE && record->sample->value < 0) continue;
    if (record->kind > SHOAL_RECORD_GRAPH_DEFINITION && IS(kept_unknown)) delivery->verdicts[i] = 0;
  }
  return SHOAL_OK;
}

static void destroy(shoal_instance* self) {
  shoal_point point = {self->series, 0, 0, 1};
  if (IS(late_emit)) self->host->emit(self->context, NULL, &point, 1);
  if (IS(speaks_later)) pthread_detach(self->thread);
  if (IS(global_context) && the_first == self) the_first = NULL;
  free(self);
}

const shoal_module* shoal_module_v1(void) {
  static const shoal_metric metric = {sizeof metric, 0, collect};
  static const shoal_check checks = {sizeof checks, 0, check};
  static const shoal_output output = {sizeof output, 0, deliver};
  static const shoal_plugin plugin = {sizeof plugin,
                                      0,
                                      create,
                                      NULL,
                                      NULL,
                                      destroy,
                                      KIND[0] == 'm' ? &metric : NULL,
                                      KIND[0] == 'c' ? &checks : NULL,
                                      KIND[0] == 'o' ? &output : NULL};
  static const shoal_module module = {sizeof module, SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0, &plugin};
  static shoal_module changing = {sizeof changing, SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0, &writable};
  if (!IS(table_changes)) return &module;
  if (writable.size == 0) writable = plugin;
  return &changing;
}
