/* A metric that tells by how much each of its rounds began late: the least a job can do, a thousand
 * times over. All instances write into one mapped file, so that measuring costs a few stores:
 * a count, then that many numbers of microseconds. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/mman.h>

#include <shoal/shoal.h>

SHOAL_MANIFEST("{\"id\": \"lateness\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"metric\", \"summary\": \"how late each round begins\","
               "\"options\": {\"file\": {\"type\": \"string\", \"required\": true}},"
               "\"series\": [{\"name\": \"lateness\", \"kind\": \"gauge\"}]}");

#define CAPACITY 131072

struct notes {
  uint64_t count;
  double microseconds[CAPACITY];
};

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  struct notes* notes;
  uint32_t series;
};

static struct notes* map_notes(shoal_text path) {
  char name[4096];
  if (path.size >= sizeof name) return MAP_FAILED;
  memcpy(name, path.data, path.size);
  name[path.size] = '\0';
  const int fd = open(name, O_RDWR);
  if (fd < 0) return MAP_FAILED;
  void* const mapped = mmap(NULL, sizeof(struct notes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  return mapped;
}

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_options* options = given->host->service(given->host, SHOAL_SERVICE_OPTIONS);
  const shoal_series series = {sizeof series,
                               SHOAL_GAUGE,
                               SHOAL_TEXT("lateness"),
                               SHOAL_TEXT("float"),
                               {NULL, 0, sizeof(shoal_label)},
                               0};
  shoal_text path = {"", 0};
  shoal_instance* self = calloc(1, sizeof *self);
  if (self == NULL || options == NULL) return SHOAL_FAILED;
  self->host = given->host;
  self->context = given->context;
  options->text(self->context, "/file", &path);
  self->notes = map_notes(path);
  if (self->notes == MAP_FAILED ||
      self->host->declare(self->context, &series, &self->series) != SHOAL_OK) {
    self->host->explain(self->context, SHOAL_TEXT("the file of notes cannot be mapped"));
    free(self);
    return SHOAL_FAILED;
  }
  *made = self;
  return SHOAL_OK;
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  const int64_t now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
  const double late = (double)(now_ns - call->scheduled_ns) / 1000;
  const uint64_t index = __atomic_fetch_add(&self->notes->count, 1, __ATOMIC_RELAXED);
  if (index < CAPACITY) self->notes->microseconds[index] = late;

  const shoal_point point = {self->series, 0, 0, late};
  return self->host->emit(self->context, call, &point, 1);
}

static void destroy(shoal_instance* self) {
  munmap(self->notes, sizeof *self->notes);
  free(self);
}

const shoal_module* shoal_module_v1(void) {
  static const shoal_metric metric = {sizeof metric, 0, collect};
  static const shoal_plugin plugin = {sizeof plugin, 0,       create, NULL, NULL,
                                      destroy,       &metric, NULL,   NULL};
  static const shoal_module module = {sizeof module, SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0, &plugin};
  return &module;
}
