/* Where every member of ABI 1.0 stands and which type it has, where pointers have 64 bits.
 * Compiling this is the test. Lines are added here for what a later minor appends; none is ever
 * changed. */
#include <shoal/shoal.h>

/* Numbers that travel are never given another meaning. */
_Static_assert(SHOAL_OK == 0, "SHOAL_OK has another value");
_Static_assert(SHOAL_NOTHING == 1, "SHOAL_NOTHING has another value");
_Static_assert(SHOAL_RETRY == -1, "SHOAL_RETRY has another value");
_Static_assert(SHOAL_CONFIG == -2, "SHOAL_CONFIG has another value");
_Static_assert(SHOAL_AUTH == -3, "SHOAL_AUTH has another value");
_Static_assert(SHOAL_REJECTED == -4, "SHOAL_REJECTED has another value");
_Static_assert(SHOAL_UNSUPPORTED == -5, "SHOAL_UNSUPPORTED has another value");
_Static_assert(SHOAL_CANCELLED == -6, "SHOAL_CANCELLED has another value");
_Static_assert(SHOAL_DEADLINE == -7, "SHOAL_DEADLINE has another value");
_Static_assert(SHOAL_PERMISSION == -8, "SHOAL_PERMISSION has another value");
_Static_assert(SHOAL_BUG == -9, "SHOAL_BUG has another value");
_Static_assert(SHOAL_FAILED == -10, "SHOAL_FAILED has another value");
_Static_assert(SHOAL_GAUGE == 0, "SHOAL_GAUGE has another value");
_Static_assert(SHOAL_COUNTER == 1, "SHOAL_COUNTER has another value");
_Static_assert(SHOAL_INTERVAL == 2, "SHOAL_INTERVAL has another value");
_Static_assert(SHOAL_LOG_DEBUG == 0, "SHOAL_LOG_DEBUG has another value");
_Static_assert(SHOAL_LOG_INFO == 1, "SHOAL_LOG_INFO has another value");
_Static_assert(SHOAL_LOG_WARNING == 2, "SHOAL_LOG_WARNING has another value");
_Static_assert(SHOAL_LOG_ERROR == 3, "SHOAL_LOG_ERROR has another value");
_Static_assert(SHOAL_VERDICT_RETRY == 0, "SHOAL_VERDICT_RETRY has another value");
_Static_assert(SHOAL_VERDICT_DELIVERED == 1, "SHOAL_VERDICT_DELIVERED has another value");
_Static_assert(SHOAL_VERDICT_REJECTED == 2, "SHOAL_VERDICT_REJECTED has another value");
_Static_assert(SHOAL_CHECK_OK == 0, "SHOAL_CHECK_OK has another value");
_Static_assert(SHOAL_CHECK_WARNING == 1, "SHOAL_CHECK_WARNING has another value");
_Static_assert(SHOAL_CHECK_CRITICAL == 2, "SHOAL_CHECK_CRITICAL has another value");
_Static_assert(SHOAL_CHECK_UNKNOWN == 3, "SHOAL_CHECK_UNKNOWN has another value");
_Static_assert(SHOAL_ORIGIN_HOST == 0, "SHOAL_ORIGIN_HOST has another value");
_Static_assert(SHOAL_ORIGIN_CUSTOM == 1, "SHOAL_ORIGIN_CUSTOM has another value");
_Static_assert(SHOAL_RECORD_SAMPLE == 0, "SHOAL_RECORD_SAMPLE has another value");
_Static_assert(SHOAL_RECORD_CHECK_RESULT == 1, "SHOAL_RECORD_CHECK_RESULT has another value");
_Static_assert(SHOAL_RECORD_EVENT == 2, "SHOAL_RECORD_EVENT has another value");
_Static_assert(SHOAL_RECORD_METADATA == 3, "SHOAL_RECORD_METADATA has another value");
_Static_assert(SHOAL_RECORD_GRAPH_DEFINITION == 4,
               "SHOAL_RECORD_GRAPH_DEFINITION has another value");
_Static_assert(SHOAL_HTTP_NO_KEEP_ALIVE == 1, "SHOAL_HTTP_NO_KEEP_ALIVE has another value");
_Static_assert(SHOAL_HTTP_NO_VERIFY == 2, "SHOAL_HTTP_NO_VERIFY has another value");

#if UINTPTR_MAX == UINT64_MAX

#define STANDS(type, member, offset, member_type)                                     \
  _Static_assert(offsetof(type, member) == (offset), #type "." #member " has moved"); \
  _Static_assert(_Generic(((type*)0)->member, member_type : 1, default : 0),          \
                 #type "." #member " has another type")
/* A struct that may grow is never smaller than it was. */
#define GROWS_FROM(type, size) _Static_assert(sizeof(type) >= (size), #type " has shrunk")
#define IS_FROZEN(type, size) _Static_assert(sizeof(type) == (size), #type " has changed its size")

IS_FROZEN(shoal_text, 16);
STANDS(shoal_text, data, 0, const char*);
STANDS(shoal_text, size, 8, size_t);

IS_FROZEN(shoal_label, 32);
STANDS(shoal_label, key, 0, shoal_text);
STANDS(shoal_label, value, 16, shoal_text);

IS_FROZEN(shoal_array, 16);
STANDS(shoal_array, data, 0, const void*);
STANDS(shoal_array, count, 8, uint32_t);
STANDS(shoal_array, stride, 12, uint32_t);

IS_FROZEN(shoal_point, 24);
STANDS(shoal_point, series, 0, uint32_t);
STANDS(shoal_point, flags, 4, uint32_t);
STANDS(shoal_point, time_ns, 8, int64_t);
STANDS(shoal_point, value, 16, double);

GROWS_FROM(shoal_call, 32);
STANDS(shoal_call, size, 0, uint32_t);
STANDS(shoal_call, attempt, 4, uint32_t);
STANDS(shoal_call, scheduled_ns, 8, int64_t);
STANDS(shoal_call, deadline_ns, 16, int64_t);
STANDS(shoal_call, cancel, 24, const uint32_t*);

GROWS_FROM(shoal_series, 64);
STANDS(shoal_series, size, 0, uint32_t);
STANDS(shoal_series, kind, 4, uint32_t);
STANDS(shoal_series, name, 8, shoal_text);
STANDS(shoal_series, unit, 24, shoal_text);
STANDS(shoal_series, labels, 40, shoal_array);
STANDS(shoal_series, per_seconds, 56, double);

GROWS_FROM(shoal_check_report, 40);
STANDS(shoal_check_report, size, 0, uint32_t);
STANDS(shoal_check_report, status, 4, uint32_t);
STANDS(shoal_check_report, text, 8, shoal_text);
STANDS(shoal_check_report, points, 24, shoal_array);

GROWS_FROM(shoal_host, 56);
STANDS(shoal_host, size, 0, uint32_t);
STANDS(shoal_host, abi_minor, 4, uint32_t);
STANDS(shoal_host, service, 8, const void* (*)(const struct shoal_host* host, const char* id));
STANDS(shoal_host, log, 16, void (*)(shoal_context* context, uint32_t level, shoal_text message));
STANDS(shoal_host, explain, 24, void (*)(shoal_context* context, shoal_text reason));
STANDS(shoal_host, declare, 32,
       shoal_status (*)(shoal_context* context, const shoal_series* series, uint32_t* handle));
STANDS(shoal_host, emit, 40,
       shoal_status (*)(shoal_context* context, const shoal_call* call, const shoal_point* points,
                        size_t count));
STANDS(shoal_host, report, 48,
       shoal_status (*)(shoal_context* context, const shoal_call* call,
                        const shoal_check_report* report));

GROWS_FROM(shoal_create, 56);
STANDS(shoal_create, size, 0, uint32_t);
STANDS(shoal_create, reserved, 4, uint32_t);
STANDS(shoal_create, host, 8, const shoal_host*);
STANDS(shoal_create, context, 16, shoal_context*);
STANDS(shoal_create, job, 24, shoal_text);
STANDS(shoal_create, options_json, 40, shoal_text);

GROWS_FROM(shoal_metric, 16);
STANDS(shoal_metric, size, 0, uint32_t);
STANDS(shoal_metric, flags, 4, uint32_t);
STANDS(shoal_metric, collect, 8,
       shoal_status (*)(shoal_instance* instance, const shoal_call* call));

GROWS_FROM(shoal_check, 16);
STANDS(shoal_check, size, 0, uint32_t);
STANDS(shoal_check, flags, 4, uint32_t);
STANDS(shoal_check, check, 8, shoal_status (*)(shoal_instance* instance, const shoal_call* call));

GROWS_FROM(shoal_batch, 24);
STANDS(shoal_batch, size, 0, uint32_t);
STANDS(shoal_batch, reserved, 4, uint32_t);
STANDS(shoal_batch, records, 8, shoal_array);

GROWS_FROM(shoal_delivery, 24);
STANDS(shoal_delivery, size, 0, uint32_t);
STANDS(shoal_delivery, retry_after_ms, 4, uint32_t);
STANDS(shoal_delivery, verdicts, 8, uint8_t*);
STANDS(shoal_delivery, next_offer_ns, 16, int64_t);

GROWS_FROM(shoal_output, 16);
STANDS(shoal_output, size, 0, uint32_t);
STANDS(shoal_output, flags, 4, uint32_t);
STANDS(shoal_output, deliver, 8,
       shoal_status (*)(shoal_instance* instance, const shoal_call* call, const shoal_batch* batch,
                        shoal_delivery* delivery));

GROWS_FROM(shoal_plugin, 64);
STANDS(shoal_plugin, size, 0, uint32_t);
STANDS(shoal_plugin, flags, 4, uint32_t);
STANDS(shoal_plugin, create, 8,
       shoal_status (*)(const shoal_create* create, shoal_instance** instance));
STANDS(shoal_plugin, start, 16, shoal_status (*)(shoal_instance* instance, const shoal_call* call));
STANDS(shoal_plugin, stop, 24, shoal_status (*)(shoal_instance* instance, const shoal_call* call));
STANDS(shoal_plugin, destroy, 32, void (*)(shoal_instance* instance));
STANDS(shoal_plugin, metric, 40, const shoal_metric*);
STANDS(shoal_plugin, check, 48, const shoal_check*);
STANDS(shoal_plugin, output, 56, const shoal_output*);

GROWS_FROM(shoal_module, 24);
STANDS(shoal_module, size, 0, uint32_t);
STANDS(shoal_module, abi_major, 4, uint32_t);
STANDS(shoal_module, abi_minor, 8, uint32_t);
STANDS(shoal_module, reserved, 12, uint32_t);
STANDS(shoal_module, plugin, 16, const shoal_plugin*);

GROWS_FROM(shoal_sample, 88);
STANDS(shoal_sample, size, 0, uint32_t);
STANDS(shoal_sample, origin, 4, uint32_t);
STANDS(shoal_sample, name, 8, shoal_text);
STANDS(shoal_sample, unit, 24, shoal_text);
STANDS(shoal_sample, labels, 40, shoal_array);
STANDS(shoal_sample, value, 56, double);
STANDS(shoal_sample, time_ns, 64, int64_t);
STANDS(shoal_sample, custom_identifier, 72, shoal_text);

GROWS_FROM(shoal_check_result, 80);
STANDS(shoal_check_result, size, 0, uint32_t);
STANDS(shoal_check_result, status, 4, uint32_t);
STANDS(shoal_check_result, name, 8, shoal_text);
STANDS(shoal_check_result, text, 24, shoal_text);
STANDS(shoal_check_result, time_ns, 40, int64_t);
STANDS(shoal_check_result, samples, 48, shoal_array);
STANDS(shoal_check_result, custom_identifier, 64, shoal_text);

GROWS_FROM(shoal_event, 112);
STANDS(shoal_event, size, 0, uint32_t);
STANDS(shoal_event, from, 4, uint32_t);
STANDS(shoal_event, to, 8, uint32_t);
STANDS(shoal_event, is_hard, 12, uint32_t);
STANDS(shoal_event, id, 16, shoal_text);
STANDS(shoal_event, job, 32, shoal_text);
STANDS(shoal_event, text, 48, shoal_text);
STANDS(shoal_event, dedupe_key, 64, shoal_text);
STANDS(shoal_event, time_ns, 80, int64_t);
STANDS(shoal_event, since_ns, 88, int64_t);
STANDS(shoal_event, links, 96, shoal_array);

GROWS_FROM(shoal_metadata, 48);
STANDS(shoal_metadata, size, 0, uint32_t);
STANDS(shoal_metadata, reserved, 4, uint32_t);
STANDS(shoal_metadata, name, 8, shoal_text);
STANDS(shoal_metadata, json, 24, shoal_text);
STANDS(shoal_metadata, time_ns, 40, int64_t);

GROWS_FROM(shoal_graph_metric, 40);
STANDS(shoal_graph_metric, size, 0, uint32_t);
STANDS(shoal_graph_metric, is_stacked, 4, uint32_t);
STANDS(shoal_graph_metric, name, 8, shoal_text);
STANDS(shoal_graph_metric, label, 24, shoal_text);

GROWS_FROM(shoal_graph_definition, 72);
STANDS(shoal_graph_definition, size, 0, uint32_t);
STANDS(shoal_graph_definition, origin, 4, uint32_t);
STANDS(shoal_graph_definition, name, 8, shoal_text);
STANDS(shoal_graph_definition, label, 24, shoal_text);
STANDS(shoal_graph_definition, unit, 40, shoal_text);
STANDS(shoal_graph_definition, metrics, 56, shoal_array);

GROWS_FROM(shoal_record, 48);
STANDS(shoal_record, size, 0, uint32_t);
STANDS(shoal_record, kind, 4, uint32_t);
STANDS(shoal_record, sample, 8, const shoal_sample*);
STANDS(shoal_record, check_result, 16, const shoal_check_result*);
STANDS(shoal_record, event, 24, const shoal_event*);
STANDS(shoal_record, metadata, 32, const shoal_metadata*);
STANDS(shoal_record, graph_definition, 40, const shoal_graph_definition*);

GROWS_FROM(shoal_options, 48);
STANDS(shoal_options, size, 0, uint32_t);
STANDS(shoal_options, reserved, 4, uint32_t);
STANDS(shoal_options, text, 8,
       shoal_status (*)(shoal_context* context, const char* pointer, shoal_text* value));
STANDS(shoal_options, integer, 16,
       shoal_status (*)(shoal_context* context, const char* pointer, int64_t* value));
STANDS(shoal_options, number, 24,
       shoal_status (*)(shoal_context* context, const char* pointer, double* value));
STANDS(shoal_options, boolean, 32,
       shoal_status (*)(shoal_context* context, const char* pointer, uint32_t* value));
STANDS(shoal_options, count, 40,
       shoal_status (*)(shoal_context* context, const char* pointer, uint32_t* value));

GROWS_FROM(shoal_clock, 24);
STANDS(shoal_clock, size, 0, uint32_t);
STANDS(shoal_clock, reserved, 4, uint32_t);
STANDS(shoal_clock, unix_ns, 8, int64_t (*)(shoal_context* context));
STANDS(shoal_clock, steady_ns, 16, int64_t (*)(shoal_context* context));

GROWS_FROM(shoal_state, 32);
STANDS(shoal_state, size, 0, uint32_t);
STANDS(shoal_state, reserved, 4, uint32_t);
STANDS(shoal_state, get, 8,
       shoal_status (*)(shoal_context* context, shoal_text key, shoal_receive_text receive,
                        void* user));
STANDS(shoal_state, put, 16,
       shoal_status (*)(shoal_context* context, shoal_text key, shoal_text value));
STANDS(shoal_state, remove, 24, shoal_status (*)(shoal_context* context, shoal_text key));

GROWS_FROM(shoal_http_request, 112);
STANDS(shoal_http_request, size, 0, uint32_t);
STANDS(shoal_http_request, flags, 4, uint32_t);
STANDS(shoal_http_request, method, 8, shoal_text);
STANDS(shoal_http_request, url, 24, shoal_text);
STANDS(shoal_http_request, headers, 40, shoal_array);
STANDS(shoal_http_request, body, 56, shoal_text);
STANDS(shoal_http_request, timeout_ms, 72, uint32_t);
STANDS(shoal_http_request, max_response_bytes, 76, uint32_t);
STANDS(shoal_http_request, proxy, 80, shoal_text);
STANDS(shoal_http_request, ca_file, 96, shoal_text);

GROWS_FROM(shoal_http_response, 48);
STANDS(shoal_http_response, size, 0, uint32_t);
STANDS(shoal_http_response, status, 4, int32_t);
STANDS(shoal_http_response, retry_after_ms, 8, uint32_t);
STANDS(shoal_http_response, reserved, 12, uint32_t);
STANDS(shoal_http_response, headers, 16, shoal_array);
STANDS(shoal_http_response, body, 32, shoal_text);

GROWS_FROM(shoal_http, 16);
STANDS(shoal_http, size, 0, uint32_t);
STANDS(shoal_http, reserved, 4, uint32_t);
STANDS(shoal_http, request, 8,
       shoal_status (*)(shoal_context* context, const shoal_call* call,
                        const shoal_http_request* request, shoal_receive_response receive,
                        void* user));

GROWS_FROM(shoal_identity, 48);
STANDS(shoal_identity, size, 0, uint32_t);
STANDS(shoal_identity, reserved, 4, uint32_t);
STANDS(shoal_identity, host_name, 8,
       shoal_status (*)(shoal_context* context, shoal_receive_text receive, void* user));
STANDS(shoal_identity, host_id, 16,
       shoal_status (*)(shoal_context* context, shoal_receive_text receive, void* user));
STANDS(shoal_identity, set_host_id, 24, shoal_status (*)(shoal_context* context, shoal_text id));
STANDS(shoal_identity, host_spec, 32,
       shoal_status (*)(shoal_context* context, shoal_receive_text receive, void* user));
STANDS(shoal_identity, jobs, 40,
       shoal_status (*)(shoal_context* context, shoal_receive_text receive, void* user));

#endif
