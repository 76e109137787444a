/* SPDX-License-Identifier: MIT
 *
 * What a plugin is: one exported function that returns const tables. The manifest (manifest.h) says
 * who it is and what it needs; these tables only do. A plugin may be configured many times, so it
 * keeps no writable globals. Read types.h first: it holds the rules. */
#ifndef SHOAL_PLUGIN_H
#define SHOAL_PLUGIN_H

#include "records.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what a metric plugin says ---- */

/* A value as it stands now. */
#define SHOAL_GAUGE 0u
/* Only grows; the host makes a rate over the real elapsed time, and says nothing on first sight,
 * after a reset or after a gap. */
#define SHOAL_COUNTER 1u
/* Describes the time since the last round, such as a CPU percentage. */
#define SHOAL_INTERVAL 2u

/* A series, declared once, then named by its handle. Growable. */
typedef struct shoal_series {
  uint32_t size;
  uint32_t kind;      /* SHOAL_GAUGE and its kin; any other counts as a gauge */
  shoal_text name;    /* dotted, [A-Za-z0-9_.-], 1 to 200 bytes, no "custom." in front */
  shoal_text unit;    /* float, integer, percentage, seconds, milliseconds, bytes, bytes/sec,
                         bits/sec, iops; empty, or any other, counts as float */
  shoal_array labels; /* of shoal_label; may be empty */
  double per_seconds; /* counters: the rate is per this many seconds; 0 counts as 1 */
} shoal_series;

/* ---- what a check plugin says ---- */

/* The verdict of one check round, given through shoal_host.report(). Growable. */
typedef struct shoal_check_report {
  uint32_t size;
  uint32_t status;    /* SHOAL_CHECK_OK to SHOAL_CHECK_UNKNOWN (records.h); any other is UNKNOWN */
  shoal_text text;    /* for people; first line is the summary; at most 64 KiB are kept */
  shoal_array points; /* of shoal_point: performance data, of declared series */
} shoal_check_report;

/* ---- the host ---- */

#define SHOAL_LOG_DEBUG 0u
#define SHOAL_LOG_INFO 1u
#define SHOAL_LOG_WARNING 2u
#define SHOAL_LOG_ERROR 3u

/* Outlives every instance. Growable. */
typedef struct shoal_host {
  uint32_t size;
  uint32_t abi_minor; /* the newest minor this host speaks */

  /* A table of services.h by its id ("shoal.http/1"), or NULL if this host has none. The table
   * outlives the instance. `id` is NUL-terminated. [any] */
  const void*(SHOAL_CALL* service)(const struct shoal_host* host, const char* id);

  /* Writes one line to the agent's log, tagged with the job; control characters become spaces, at
   * most 8 KiB are kept, and 1,000 lines from one call to the next. A level that is not known
   * counts as info. [any] */
  void(SHOAL_CALL* log)(shoal_context* context, uint32_t level, shoal_text message);

  /* Says why the present call fails; the last reason before the failing status is returned counts.
   * Lower case, no period: where, what was expected, what was found. At most 1 KiB is kept.
   * [any] */
  void(SHOAL_CALL* explain)(shoal_context* context, shoal_text reason);

  /* Names a series and stores its handle. The same name and labels give the same handle again.
   * SHOAL_FAILED with a reason for a bad name, and past 100,000 series. [any] */
  shoal_status(SHOAL_CALL* declare)(shoal_context* context, const shoal_series* series,
                                    uint32_t* handle);

  /* Takes `count` points of the present round; copies them. SHOAL_FAILED if some were dropped and
   * counted, while the others are taken: past 100,000 points or 16 MiB in a round, with a handle
   * that is unknown or a value that is not finite. SHOAL_CANCELLED when the round is over. Valid
   * during collect() and check(). [any] */
  shoal_status(SHOAL_CALL* emit)(shoal_context* context, const shoal_call* call,
                                 const shoal_point* points, size_t count);

  /* Gives the verdict of the present round; copies it. The last one before check() returns counts.
   * SHOAL_FAILED if points of it were dropped, as by emit(); SHOAL_CANCELLED when the round is
   * over. Valid during check(). [any] */
  shoal_status(SHOAL_CALL* report)(shoal_context* context, const shoal_call* call,
                                   const shoal_check_report* report);
} shoal_host;

/* ---- the plugin ---- */

/* What create() is given. Borrowed, but `host` and `context` outlive the instance. Growable. */
typedef struct shoal_create {
  uint32_t size;
  uint32_t reserved;
  const shoal_host* host;
  shoal_context* context;
  shoal_text job;          /* "metric:loadavg", for messages */
  shoal_text options_json; /* the options as a JSON object: checked against the manifest's schema,
                              defaults filled in. shoal.options/1 reads it without a JSON parser */
} shoal_create;

typedef struct shoal_metric {
  uint32_t size;
  uint32_t flags; /* 0 */
  /* One round: read, then emit(). What was emitted before a failure is kept. [worker] */
  shoal_status(SHOAL_CALL* collect)(shoal_instance* instance, const shoal_call* call);
} shoal_metric;

typedef struct shoal_check {
  uint32_t size;
  uint32_t flags; /* 0 */
  /* One round: judge, then report(). A failing status, or none reported, makes the result UNKNOWN
   * with the reason; a check that cannot judge is never OK. [worker] */
  shoal_status(SHOAL_CALL* check)(shoal_instance* instance, const shoal_call* call);
} shoal_check;

#define SHOAL_VERDICT_RETRY 0u     /* keep it and offer it again; so does any other number */
#define SHOAL_VERDICT_DELIVERED 1u /* the receiver has it */
#define SHOAL_VERDICT_REJECTED 2u  /* the receiver will never take it: dead letter, with reason */

/* The records offered in one call. Borrowed. Growable. */
typedef struct shoal_batch {
  uint32_t size;
  uint32_t reserved;
  shoal_array records; /* of shoal_record, oldest first */
} shoal_batch;

/* What became of a batch. The host sets size and verdicts; the plugin fills the rest as far as size
 * reaches, and the verdicts in place: the pointer stays. Growable. */
typedef struct shoal_delivery {
  uint32_t size;
  uint32_t retry_after_ms; /* the receiver's own wish before the next try; 0: the host's backoff */
  uint8_t* verdicts;       /* one SHOAL_VERDICT_ per record, preset to retry; read when deliver()
                              returns SHOAL_OK */
  int64_t next_offer_ns; /* Unix time in nanoseconds of the next regular offer; 0: as soon as there
                            are records. For receivers that want one request a minute */
} shoal_delivery;

typedef struct shoal_output {
  uint32_t size;
  uint32_t flags; /* 0 */
  /* Delivers a batch and fills in what became of it. SHOAL_OK: each record's verdict counts;
   * none taken and retry_after_ms set is no failure but a wish to be asked later. The batch is
   * empty if the manifest asked for a heartbeat. SHOAL_REJECTED: refused as a whole; the host
   * halves the batch until the bad record is alone. Any other failure keeps the whole batch for a
   * later try. [worker] */
  shoal_status(SHOAL_CALL* deliver)(shoal_instance* instance, const shoal_call* call,
                                    const shoal_batch* batch, shoal_delivery* delivery);
} shoal_output;

/* Exactly one of metric, check and output is set: that of the manifest's kind. Growable. */
typedef struct shoal_plugin {
  uint32_t size;
  uint32_t flags; /* 0 */

  /* Makes one instance: checks the options, reads no more than local files, within 5 s. On success
   * stores it in *instance and returns SHOAL_OK; on failure leaves *instance untouched, and
   * destroy() is not called. [control] */
  shoal_status(SHOAL_CALL* create)(const shoal_create* create, shoal_instance** instance);

  /* Opens what create() may not. SHOAL_RETRY: tried again later with backoff. May be NULL.
   * [control] */
  shoal_status(SHOAL_CALL* start)(shoal_instance* instance, const shoal_call* call);

  /* Says farewell within the deadline (an output posts its last status). May be NULL. [control] */
  shoal_status(SHOAL_CALL* stop)(shoal_instance* instance, const shoal_call* call);

  /* Frees the instance; also one that was never started. Cannot fail. [control] */
  void(SHOAL_CALL* destroy)(shoal_instance* instance);

  const shoal_metric* metric;
  const shoal_check* check;
  const shoal_output* output;
} shoal_plugin;

/* What the one exported function returns. Growable. */
typedef struct shoal_module {
  uint32_t size;
  uint32_t abi_major; /* SHOAL_ABI_MAJOR of the SDK it was built with */
  uint32_t abi_minor; /* SHOAL_ABI_MINOR likewise */
  uint32_t reserved;
  const shoal_plugin* plugin;
} shoal_module;

/* The only exported symbol. Returns the same constant table each time, never NULL; does nothing
 * else. [control] */
SHOAL_EXPORT const shoal_module* SHOAL_CALL shoal_module_v1(void);

#ifdef __cplusplus
}
#endif
#endif
