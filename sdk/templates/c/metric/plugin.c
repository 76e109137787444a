/* @NAME@: how many files are open on this host. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <shoal/shoal.h>

#include "file_nr.h"

/* clang-format off */
SHOAL_MANIFEST("{"
  "\"id\": \"@NAME@\", \"version\": \"0.1.0\", \"abi\": \"" SHOAL_ABI_TEXT "\", \"kind\": \"metric\","
  "\"summary\": \"how many files are open on this host\","
  "\"options\": {"
    "\"path\": {\"type\": \"string\", \"default\": \"/proc/sys/fs/file-nr\","
               "\"description\": \"where the kernel tells\"}},"
  "\"series\": ["
    "{\"name\": \"@NAME@.open\", \"kind\": \"gauge\", \"unit\": \"integer\"},"
    "{\"name\": \"@NAME@.most\", \"kind\": \"gauge\", \"unit\": \"integer\"}]"
"}");
/* clang-format on */

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  char* path;
  uint32_t open; /* handles of the series */
  uint32_t most;
};

static void explain(const shoal_host* host, shoal_context* context, const char* reason) {
  host->explain(context, (shoal_text){reason, strlen(reason)});
}

static shoal_status declare(shoal_instance* self, shoal_text name, uint32_t* handle) {
  const shoal_series series = {
      .size = sizeof series, .kind = SHOAL_GAUGE, .name = name, .unit = SHOAL_TEXT("integer")};
  return self->host->declare(self->context, &series, handle);
}

/* The option as text that ends in a zero, to be freed; NULL if there is none. */
static char* option(const shoal_create* given, const char* pointer) {
  const shoal_options* options = given->host->service(given->host, SHOAL_SERVICE_OPTIONS);
  shoal_text value;
  if (options == NULL || options->text(given->context, pointer, &value) != SHOAL_OK) return NULL;
  return strndup(value.data, value.size);
}

static void destroy(shoal_instance* self) {
  free(self->path);
  free(self);
}

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_instance* self = calloc(1, sizeof *self);
  if (self == NULL) return SHOAL_FAILED;
  self->host = given->host;
  self->context = given->context;
  self->path = option(given, "/path");
  if (self->path == NULL || declare(self, SHOAL_TEXT("@NAME@.open"), &self->open) != SHOAL_OK ||
      declare(self, SHOAL_TEXT("@NAME@.most"), &self->most) != SHOAL_OK) {
    destroy(self);
    return SHOAL_FAILED;
  }
  *made = self;
  return SHOAL_OK;
}

static shoal_status collect(shoal_instance* self, const shoal_call* call) {
  struct file_nr found;
  if (read_file_nr(self->path, &found) != 0) {
    explain(self->host, self->context, strerror(errno));
    return SHOAL_FAILED;
  }
  const shoal_point points[] = {{self->open, 0, 0, found.open}, {self->most, 0, 0, found.most}};
  return self->host->emit(self->context, call, points, 2);
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
