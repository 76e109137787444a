/* A library whose functions take every type of the ABI, so that its debug information describes the
 * whole of it: abi_test.py compares that with the description kept in this folder. */
#include <shoal/shoal.h>

#define TAKES(type)                                  \
  SHOAL_EXPORT void takes_##type(const type* value); \
  void takes_##type(const type* value) {             \
    (void)value;                                     \
  }

TAKES(shoal_text)
TAKES(shoal_label)
TAKES(shoal_array)
TAKES(shoal_point)
TAKES(shoal_call)
TAKES(shoal_series)
TAKES(shoal_check_report)
TAKES(shoal_host)
TAKES(shoal_create)
TAKES(shoal_metric)
TAKES(shoal_check)
TAKES(shoal_batch)
TAKES(shoal_delivery)
TAKES(shoal_output)
TAKES(shoal_plugin)
TAKES(shoal_module)
TAKES(shoal_sample)
TAKES(shoal_check_result)
TAKES(shoal_event)
TAKES(shoal_metadata)
TAKES(shoal_graph_metric)
TAKES(shoal_graph_definition)
TAKES(shoal_record)
TAKES(shoal_options)
TAKES(shoal_clock)
TAKES(shoal_state)
TAKES(shoal_http_request)
TAKES(shoal_http_response)
TAKES(shoal_http)
TAKES(shoal_identity)

const shoal_module* shoal_module_v1(void) {
  return 0;
}
