/* Records of each kind, told apart and weighed one by one: a sample is delivered if it is all
 * there, a check result is rejected, the rest stays, and what is not known counts as delivered. */
#include "exhibit.h"

SHOAL_MANIFEST("{\"id\": \"output\", \"version\": \"1.0.0\", \"abi\": \"" SHOAL_ABI_TEXT
               "\", \"kind\": \"output\", \"accepts\": [\"sample\", \"check_result\", \"event\"], "
               "\"durable\": false, " OPTIONS "}");

static shoal_status create(const shoal_create* given, shoal_instance** made) {
  shoal_instance* self = make(given);
  if (self == NULL) return SHOAL_FAILED;
  *made = self;
  return SHOAL_OK;
}

static int is_whole(const shoal_sample* sample) {
  const shoal_label* label = SHOAL_AT(shoal_label, sample->labels, 0);
  return sample->labels.count == 1 && label->value.size == 7 && sample->value == 2.5 &&
         sample->time_ns == 1767366000000000000 && sample->name.size == 5;
}

static uint8_t verdict_of(const shoal_record* record) {
  switch (record->kind) {
    case SHOAL_RECORD_SAMPLE:
      return is_whole(record->sample) ? SHOAL_VERDICT_DELIVERED : SHOAL_VERDICT_RETRY;
    case SHOAL_RECORD_CHECK_RESULT:
      return record->check_result->status == SHOAL_CHECK_CRITICAL ? SHOAL_VERDICT_REJECTED
                                                                  : SHOAL_VERDICT_RETRY;
    case SHOAL_RECORD_EVENT:
    case SHOAL_RECORD_METADATA:
    case SHOAL_RECORD_GRAPH_DEFINITION:
      return SHOAL_VERDICT_RETRY;
    default:
      return SHOAL_VERDICT_DELIVERED;
  }
}

static shoal_status deliver(shoal_instance* self, const shoal_call* call, const shoal_batch* batch,
                            shoal_delivery* delivery) {
  uint32_t i;
  (void)self;
  (void)call;
  for (i = 0; i < batch->records.count; ++i) {
    delivery->verdicts[i] = verdict_of(SHOAL_AT(shoal_record, batch->records, i));
  }
  delivery->retry_after_ms = 1500;
  return SHOAL_OK;
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
