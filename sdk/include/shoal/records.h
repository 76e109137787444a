/* SPDX-License-Identifier: MIT
 *
 * The records as an output is offered them. All borrowed for the call; all growable. Times are Unix
 * nanoseconds; names carry no "custom.". */
#ifndef SHOAL_RECORDS_H
#define SHOAL_RECORDS_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SHOAL_CHECK_OK 0u
#define SHOAL_CHECK_WARNING 1u
#define SHOAL_CHECK_CRITICAL 2u
#define SHOAL_CHECK_UNKNOWN 3u

#define SHOAL_ORIGIN_HOST 0u   /* said by a bundled host plugin about the host itself */
#define SHOAL_ORIGIN_CUSTOM 1u /* everything else */

typedef struct shoal_sample {
  uint32_t size;
  uint32_t origin; /* SHOAL_ORIGIN_HOST or SHOAL_ORIGIN_CUSTOM */
  shoal_text name;
  shoal_text unit;
  shoal_array labels; /* of shoal_label */
  double value;       /* finite */
  int64_t time_ns;
  shoal_text custom_identifier; /* of the other host it speaks for; "service:NAME": of no host but
                                   of this service; empty: this host */
} shoal_sample;

typedef struct shoal_check_result {
  uint32_t size;
  uint32_t status; /* SHOAL_CHECK_ */
  shoal_text name;
  shoal_text text;
  int64_t time_ns;
  shoal_array samples; /* of shoal_sample: performance data */
  shoal_text custom_identifier;
} shoal_check_result;

typedef struct shoal_event {
  uint32_t size;
  uint32_t from; /* SHOAL_CHECK_ */
  uint32_t to;   /* SHOAL_CHECK_ */
  uint32_t is_hard;
  shoal_text id;
  shoal_text job;
  shoal_text text;
  shoal_text dedupe_key;
  int64_t time_ns;
  int64_t since_ns;
  shoal_array links; /* of shoal_label */
} shoal_event;

typedef struct shoal_metadata {
  uint32_t size;
  uint32_t reserved;
  shoal_text name;
  shoal_text json; /* one JSON value */
  int64_t time_ns;
} shoal_metadata;

typedef struct shoal_graph_metric {
  uint32_t size;
  uint32_t is_stacked;
  shoal_text name; /* last component only; may be * or # */
  shoal_text label;
} shoal_graph_metric;

typedef struct shoal_graph_definition {
  uint32_t size;
  uint32_t origin; /* SHOAL_ORIGIN_ */
  shoal_text name; /* dotted; components may be * or # */
  shoal_text label;
  shoal_text unit;
  shoal_array metrics; /* of shoal_graph_metric */
} shoal_graph_definition;

#define SHOAL_RECORD_SAMPLE 0u
#define SHOAL_RECORD_CHECK_RESULT 1u
#define SHOAL_RECORD_EVENT 2u
#define SHOAL_RECORD_METADATA 3u
#define SHOAL_RECORD_GRAPH_DEFINITION 4u

/* One record: `kind` names the one pointer that is set. For a kind you do not know,
 * say delivered. */
typedef struct shoal_record {
  uint32_t size;
  uint32_t kind; /* SHOAL_RECORD_ */
  const shoal_sample* sample;
  const shoal_check_result* check_result;
  const shoal_event* event;
  const shoal_metadata* metadata;
  const shoal_graph_definition* graph_definition;
} shoal_record;

#ifdef __cplusplus
}
#endif
#endif
