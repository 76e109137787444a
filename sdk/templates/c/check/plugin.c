/* @NAME@: whether this host runs out of open files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <shoal/shoal.h>

#include "file_nr.h"

/* clang-format off */
SHOAL_MANIFEST("{"
  "\"id\": \"@NAME@\", \"version\": \"0.1.0\", \"abi\": \"" SHOAL_ABI_TEXT "\", \"kind\": \"check\","
  "\"summary\": \"whether this host runs out of open files\","
  "\"options\": {"
    "\"warning\": {\"type\": \"number\", \"default\": 80, \"minimum\": 0, \"maximum\": 100,"
                  "\"description\": \"WARNING above this percentage of what may be open\"},"
    "\"critical\": {\"type\": \"number\", \"default\": 90, \"minimum\": 0, \"maximum\": 100,"
                   "\"description\": \"CRITICAL above this percentage\"}}"
"}");
/* clang-format on */

struct shoal_instance {
  const shoal_host* host;
  shoal_context* context;
  double warning;
  double critical;
};

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  const shoal_options* options = given->host->service(given->host, SHOAL_SERVICE_OPTIONS);
  shoal_instance* self = calloc(1, sizeof *self);
  if (self == NULL || options == NULL ||
      options->number(given->context, "/warning", &self->warning) != SHOAL_OK ||
      options->number(given->context, "/critical", &self->critical) != SHOAL_OK) {
    free(self);
    return SHOAL_FAILED;
  }
  self->host = given->host;
  self->context = given->context;
  *made = self;
  return SHOAL_OK;
}

static uint32_t judge(const shoal_instance* self, double percentage) {
  if (percentage > self->critical) return SHOAL_CHECK_CRITICAL;
  return percentage > self->warning ? SHOAL_CHECK_WARNING : SHOAL_CHECK_OK;
}

static shoal_status check(shoal_instance* self, const shoal_call* call) {
  struct file_nr found;
  char text[200];
  if (read_file_nr("/proc/sys/fs/file-nr", &found) != 0) {
    const char* reason = strerror(errno);
    self->host->explain(self->context, (shoal_text){reason, strlen(reason)});
    return SHOAL_FAILED;
  }
  snprintf(text, sizeof text, "%.0f of %.0f files are open", found.open, found.most);
  const shoal_check_report report = {.size = sizeof report,
                                     .status = judge(self, 100 * found.open / found.most),
                                     .text = {text, strlen(text)}};
  return self->host->report(self->context, call, &report);
}

static void destroy(shoal_instance* self) {
  free(self);
}

const shoal_module* shoal_module_v1(void) {
  static const shoal_check functions = {.size = sizeof functions, .check = check};
  static const shoal_plugin plugin = {
      .size = sizeof plugin, .create = create, .destroy = destroy, .check = &functions};
  static const shoal_module module = {.size = sizeof module,
                                      .abi_major = SHOAL_ABI_MAJOR,
                                      .abi_minor = SHOAL_ABI_MINOR,
                                      .plugin = &plugin};
  return &module;
}
