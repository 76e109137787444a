/* SPDX-License-Identifier: MIT
 *
 * The small types of the shoal plugin ABI, and the rules that hold for every line of it.
 *
 * ABI 1.0: a plugin built with these headers loads in every 1.x host, and a plugin built with those
 * of a later 1.x loads here, unless its manifest says that it needs a newer host.
 *
 * Growth. A struct whose first member is `uint32_t size` may grow: whoever fills it writes sizeof
 * of the struct it was compiled with, and a reader looks at a member only if size reaches that far
 * (SHOAL_HAS). An absent member counts as zero. Members are only ever appended. Of a host of major
 * 1, all that stands here is there without asking; SHOAL_HAS is for what a later minor adds. Who
 * fills in a struct that the other side made (shoal_delivery) writes no further than its size. The
 * structs without size (text, label, array, point) are frozen. Members called reserved, and flags
 * without a name, are written as 0 and not read. A number that the reader does not know (a kind, a
 * status, a unit) is never an error of the struct: its comment says what it counts as.
 *
 * Memory. What a call passes in is borrowed: it is valid until the call returns, unless the comment
 * says otherwise. What a plugin says goes through host functions that copy. Nothing allocated on
 * one side is freed on the other.
 *
 * Threads. Each function comment ends with one of:
 *   [control]  create, start, stop, destroy: never at the same time as another call on the instance
 *   [worker]   collect, check, deliver: on some pool thread, never two at once on one instance
 *   [any]      host functions: from any thread, from the begin of create to the end of destroy
 * Calls of one instance may each come on another thread.
 * The host never calls into an instance from inside a host function that the instance called.
 *
 * Failure. Nothing unwinds across the border: no exception, no longjmp. A status goes back, the
 * reason goes to shoal_host.explain(). */
#ifndef SHOAL_TYPES_H
#define SHOAL_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHOAL_ABI_MAJOR 1
#define SHOAL_ABI_MINOR 0

#if defined(_WIN32)
#define SHOAL_CALL __cdecl
#define SHOAL_EXPORT __declspec(dllexport)
#else
#define SHOAL_CALL
#define SHOAL_EXPORT __attribute__((visibility("default")))
#endif

/* Whether the growable struct at `pointer` reaches as far as `member`. */
#define SHOAL_HAS(pointer, type, member) \
  ((pointer)->size >= offsetof(type, member) + sizeof((pointer)->member))

/* UTF-8 bytes, not NUL-terminated. `data` is never NULL; empty is {"", 0}. Frozen. */
typedef struct shoal_text {
  const char* data;
  size_t size;
} shoal_text;

/* For string literals: SHOAL_TEXT("loadavg1"). In C++ use shoal::text(). */
#ifndef __cplusplus
#define SHOAL_TEXT(literal) ((shoal_text){(literal), sizeof(literal) - 1})
#endif

/* Frozen. */
typedef struct shoal_label {
  shoal_text key;
  shoal_text value;
} shoal_label;

/* `count` structs, `stride` bytes apart: the element type may be larger than the one you know, so
 * index with SHOAL_AT. `data` may be NULL if there are none. Frozen. */
typedef struct shoal_array {
  const void* data;
  uint32_t count;
  uint32_t stride;
} shoal_array;

#define SHOAL_AT(type, array, index) \
  ((const type*)(const void*)((const char*)(array).data + (size_t)(array).stride * (index)))

/* One point of a declared series. Frozen, 24 bytes. */
typedef struct shoal_point {
  uint32_t series; /* handle from shoal_host.declare() */
  uint32_t flags;  /* 0 */
  int64_t time_ns; /* Unix time in nanoseconds; 0: the round's scheduled time, or for counters and
                      intervals the start of their interval */
  double value;    /* finite; NaN and infinities are dropped and counted (see emit) */
} shoal_point;

/* What a call came to. A negative status says what the host does next; an unknown negative one
 * counts as SHOAL_BUG. */
typedef int32_t shoal_status;

#define SHOAL_OK 0
#define SHOAL_NOTHING 1        /* fine, and nothing to say: an absent option, an empty state key */
#define SHOAL_RETRY (-1)       /* transient (network, 429, 503): try again later, keep the data */
#define SHOAL_CONFIG (-2)      /* the options are wrong: not retried until they change */
#define SHOAL_AUTH (-3)        /* credentials refused: retried slowly, shown, data kept */
#define SHOAL_REJECTED (-4)    /* the receiver will never take this: dead letter */
#define SHOAL_UNSUPPORTED (-5) /* this kernel or platform lacks it: shown once, no alarm */
#define SHOAL_CANCELLED (-6)   /* stopped because the call was cancelled */
#define SHOAL_DEADLINE (-7)    /* gave up because the deadline came */
#define SHOAL_PERMISSION (-8)  /* a local permission is missing: the reason names the cure */
#define SHOAL_BUG (-9)         /* the plugin found its own invariant broken */
#define SHOAL_FAILED (-10)     /* none of the above; this round is lost */

/* The plugin's side of one configured plugin: whatever create() stored. */
typedef struct shoal_instance shoal_instance;

/* The host's side of the same, passed back to every host function; valid until destroy() returns.
 */
typedef struct shoal_context shoal_context;

/* Travels with each call; never NULL. Borrowed. Growable. */
typedef struct shoal_call {
  uint32_t size;
  uint32_t attempt;       /* 1 for the first try */
  int64_t scheduled_ns;   /* Unix time in nanoseconds for which this round was planned */
  int64_t deadline_ns;    /* steady time (shoal.clock/1) in nanoseconds after which nobody waits */
  const uint32_t* cancel; /* becomes non-zero when the call should end soon; poll it in loops and
                             before each wait, with an atomic load where the language has one */
} shoal_call;

#ifdef __cplusplus
}
#endif
#endif
