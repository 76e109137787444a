/* SPDX-License-Identifier: MIT
 *
 * The manifest: who a plugin is and what it needs, as JSON in an ELF note, so that a host reads it
 * without running a byte of the plugin. It is the only statement of a plugin's options.
 *
 *   SHOAL_MANIFEST("{\"id\":\"loadavg\", ...}");     once, in one source file, at namespace scope
 *
 * Members (all text unless said otherwise):
 *   id            the plugin's name: [a-z0-9_]+, the name of its file and folder
 *   version       of the plugin, "1.2.3"
 *   abi           "major.minor" of the SDK it was built with: SHOAL_ABI_TEXT
 *   kind          "metric", "check" or "output"
 *   summary       one line for people
 *   origin        "host" for bundled plugins that speak for the host itself; else absent
 *   needs         array of service ids it cannot do without: ["shoal.http/1"]
 *   needs_host_abi  "major.minor" of the oldest host it works in; absent: any of its major
 *   options       object, name -> {type, description, default, enum, minimum, maximum, items,
 *                 properties, pattern, required, format, x-secret, x-unit, x-example}. type:
 *                 string, integer, number, boolean, array, object. items: the schema of each
 *                 element of an array, or of each member of an object whose names are the user's;
 *                 properties: those of an object whose names are known. format: what a string is
 *                 besides, checked before the plugin is loaded: "regex" (RE2), "threshold" (a
 *                 number or a Nagios range), "thresholds" (several, by commas), "size" (bytes,
 *                 "64MB", or a range), "space" (a size with its unit or a percentage, or a range);
 *                 a host ignores those it does not know. x-example: a value that testers may use.
 *                 x-secret true: also accepts NAME_file, the name of a file that holds the value.
 *                 x-unit "duration": written "90s", "5m", "1h30m", and the plugin gets integer
 *                 milliseconds; "bytes": written "64MB" or as a number; it gets integer bytes
 *   series        array of {name, kind, unit, description}; name may hold * for one component
 *   graphs        array of {name, label, unit, metrics: [{name, label, stacked}]}
 *   accepts       outputs: array of sample, check_result, event, metadata, graph_definition
 *   durable       outputs, boolean: whether the durable queue is wanted (default true)
 *   batch         outputs: {"max_records", "max_bytes", "backlog_interval_ms", "heartbeat_ms"}
 *                 (numbers). heartbeat_ms: offered an empty batch when it was not called for that
 *                 long, and tried again at least as often after failures; absent: never
 *   max_age_seconds  outputs, number: older records are not worth offering
 *   wire          wire plugins, number: the version of the wire protocol, 1
 */
#ifndef SHOAL_MANIFEST_H
#define SHOAL_MANIFEST_H

#include "types.h"

#define SHOAL_STRINGIFY_(x) #x
#define SHOAL_STRINGIFY(x) SHOAL_STRINGIFY_(x)
/* "1.0", for the member abi: string literals join. */
#define SHOAL_ABI_TEXT SHOAL_STRINGIFY(SHOAL_ABI_MAJOR) "." SHOAL_STRINGIFY(SHOAL_ABI_MINOR)

#define SHOAL_NOTE_OWNER "SHOAL"
#define SHOAL_NOTE_TYPE 1

/* An ELF note: owner "SHOAL", type 1, the JSON as its description. It survives strip, section
 * garbage collection and link-time optimisation. */
#define SHOAL_MANIFEST(json)                                                           \
  static const struct {                                                                \
    uint32_t name_size, json_size, type;                                               \
    char name[8];                                                                      \
    char text[sizeof(json)];                                                           \
  } shoal_manifest_note_ __attribute__((used, aligned(4), section(".note.shoal"))) = { \
      sizeof(SHOAL_NOTE_OWNER), sizeof(json), SHOAL_NOTE_TYPE, SHOAL_NOTE_OWNER, json}

#endif
