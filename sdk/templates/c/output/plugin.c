/* @NAME@: appends samples to a file, a line each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <shoal/shoal.h>

#include "line.h"

/* clang-format off */
SHOAL_MANIFEST("{"
  "\"id\": \"@NAME@\", \"version\": \"0.1.0\", \"abi\": \"" SHOAL_ABI_TEXT "\", \"kind\": \"output\","
  "\"summary\": \"appends samples to a file, a line each\","
  "\"options\": {"
    "\"path\": {\"type\": \"string\", \"required\": true, \"description\": \"the file\"}},"
  "\"accepts\": [\"sample\"]"
"}");
/* clang-format on */

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  char* path;
};

static void destroy(shoal_instance* self) {
  free(self->path);
  free(self);
}

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_options* options = given->host->service(given->host, SHOAL_SERVICE_OPTIONS);
  shoal_instance* self = calloc(1, sizeof *self);
  shoal_text path;
  if (self == NULL) return SHOAL_FAILED;
  if (options == NULL || options->text(given->context, "/path", &path) != SHOAL_OK ||
      (self->path = strndup(path.data, path.size)) == NULL) {
    destroy(self);
    return SHOAL_FAILED;
  }
  self->host = given->host;
  self->context = given->context;
  *made = self;
  return SHOAL_OK;
}

/* The file may be there again at the next try: the agent keeps the batch until then. */
static shoal_status try_later(const shoal_instance* self) {
  const char* reason = strerror(errno);
  self->host->explain(self->context, (shoal_text){reason, strlen(reason)});
  return SHOAL_RETRY;
}

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  FILE* file = fopen(self->path, "ae");
  int failed = 0;
  (void)call;
  if (file == NULL) return try_later(self);
  for (uint32_t i = 0; i < batch->records.count; ++i) {
    const shoal_record* record = SHOAL_AT(shoal_record, batch->records, i);
    if (record->kind == SHOAL_RECORD_SAMPLE) failed |= write_line(file, record->sample);
    delivery->verdicts[i] = SHOAL_VERDICT_DELIVERED;
  }
  failed |= fclose(file);
  return failed ? try_later(self) : SHOAL_OK;
}

const shoal_module* shoal_module_v1(void) {
  static const shoal_output output = {.size = sizeof output, .deliver = deliver};
  static const shoal_plugin plugin = {
      .size = sizeof plugin, .create = create, .destroy = destroy, .output = &output};
  static const shoal_module module = {.size = sizeof module,
                                      .abi_major = SHOAL_ABI_MAJOR,
                                      .abi_minor = SHOAL_ABI_MINOR,
                                      .plugin = &plugin};
  return &module;
}
