/* SPDX-License-Identifier: MIT
 *
 * What a plugin may ask its host for, by id: shoal_host.service(host, SHOAL_SERVICE_HTTP). A plugin
 * that cannot do without one names it in its manifest under "needs" and is refused before it is
 * loaded by a host that lacks it. Tables are growable; an incompatible change gets a new id. */
#ifndef SHOAL_SERVICES_H
#define SHOAL_SERVICES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Hands text over during the call that asked for it; `text` is borrowed until it returns. */
typedef void(SHOAL_CALL* shoal_receive_text)(void* user, shoal_text text);

#define SHOAL_SERVICE_OPTIONS "shoal.options/1"

/* The instance's options, by JSON pointer ("/uri", "/ignore_types/0"), without a JSON parser. Each
 * answers SHOAL_OK and stores the value, SHOAL_NOTHING if there is none, or SHOAL_CONFIG with a
 * reason if it is of another type. Text stays valid as long as the instance. [any] */
typedef struct shoal_options {
  uint32_t size;
  uint32_t reserved;
  shoal_status(SHOAL_CALL* text)(shoal_context* context, const char* pointer, shoal_text* value);
  shoal_status(SHOAL_CALL* integer)(shoal_context* context, const char* pointer, int64_t* value);
  shoal_status(SHOAL_CALL* number)(shoal_context* context, const char* pointer, double* value);
  shoal_status(SHOAL_CALL* boolean)(shoal_context* context, const char* pointer, uint32_t* value);
  /* The number of elements of an array or members of an object. */
  shoal_status(SHOAL_CALL* count)(shoal_context* context, const char* pointer, uint32_t* value);
} shoal_options;

#define SHOAL_SERVICE_CLOCK "shoal.clock/1"

/* [any] */
typedef struct shoal_clock {
  uint32_t size;
  uint32_t reserved;
  int64_t(SHOAL_CALL* unix_ns)(shoal_context* context);   /* wall time; may step */
  int64_t(SHOAL_CALL* steady_ns)(shoal_context* context); /* never steps, counts suspended time */
} shoal_clock;

#define SHOAL_SERVICE_STATE "shoal.state/1"

/* A small durable map of the job's own, kept across restarts and upgrades of the plugin. Keys are 1
 * to 200 bytes; all keys and values of a job together at most 1 MiB (SHOAL_FAILED past it).
 * [any] */
typedef struct shoal_state {
  uint32_t size;
  uint32_t reserved;
  /* SHOAL_NOTHING if the key is absent. */
  shoal_status(SHOAL_CALL* get)(shoal_context* context, shoal_text key, shoal_receive_text receive,
                                void* user);
  /* Durable when it returns SHOAL_OK. */
  shoal_status(SHOAL_CALL* put)(shoal_context* context, shoal_text key, shoal_text value);
  shoal_status(SHOAL_CALL* remove)(shoal_context* context, shoal_text key);
} shoal_state;

#define SHOAL_SERVICE_HTTP "shoal.http/1"

/* Growable. */
typedef struct shoal_http_request {
  uint32_t size;
  uint32_t flags;              /* SHOAL_HTTP_ below */
  shoal_text method;           /* "GET", "POST", ... */
  shoal_text url;              /* http://, https:// or unix:///path/to.sock:/request/path */
  shoal_array headers;         /* of shoal_label; Content-Length is the host's, and Host, unless
                                  it is given */
  shoal_text body;             /* empty: none */
  uint32_t timeout_ms;         /* in all: resolve, connect, TLS, send, receive; 0: 30,000. Never
                                  longer than the call's own deadline */
  uint32_t max_response_bytes; /* a longer body is an error; 0: 1 MiB */
  shoal_text proxy;            /* http://[user:password@]host:port; "direct": none; empty: as
                                  HTTP_PROXY, HTTPS_PROXY and NO_PROXY say */
  shoal_text ca_file;          /* PEM file of trusted roots; empty: the system's */
} shoal_http_request;

/* Of shoal_http_request.flags; a host ignores those it does not know. */
#define SHOAL_HTTP_NO_KEEP_ALIVE 1u /* a new connection for this request */
#define SHOAL_HTTP_NO_VERIFY 2u     /* do not verify the server's certificate */

/* Growable. */
typedef struct shoal_http_response {
  uint32_t size;
  int32_t status;          /* 200, 404, ... */
  uint32_t retry_after_ms; /* from Retry-After, seconds or date; 0: none */
  uint32_t reserved;
  shoal_array headers; /* of shoal_label */
  shoal_text body;
} shoal_http_response;

/* Borrowed until it returns. */
typedef void(SHOAL_CALL* shoal_receive_response)(void* user, const shoal_http_response* response);

typedef struct shoal_http {
  uint32_t size;
  uint32_t reserved;
  /* Sends a request and waits for the answer. `receive` is called once: with the answer, whatever
   * its HTTP status, or, when there is none, with status 0 and the reason as body. SHOAL_OK: there
   * was an answer. SHOAL_RETRY: no answer (resolve, refuse, reset, TLS, garbage). SHOAL_DEADLINE,
   * SHOAL_CANCELLED. SHOAL_CONFIG: the URL or proxy cannot be read. Each failure is explained
   * without secrets. Redirects are not followed. HTTP/1.1; TLS 1.2 or newer, verified. [any] */
  shoal_status(SHOAL_CALL* request)(shoal_context* context, const shoal_call* call,
                                    const shoal_http_request* request,
                                    shoal_receive_response receive, void* user);
} shoal_http;

#define SHOAL_SERVICE_IDENTITY "shoal.identity/1"

/* Who this host is; for outputs that register hosts. [any] */
typedef struct shoal_identity {
  uint32_t size;
  uint32_t reserved;
  /* As gethostname gives it. */
  shoal_status(SHOAL_CALL* host_name)(shoal_context* context, shoal_receive_text receive,
                                      void* user);
  /* The id under which this output's receiver knows the host, or SHOAL_NOTHING. */
  shoal_status(SHOAL_CALL* host_id)(shoal_context* context, shoal_receive_text receive, void* user);
  /* Remembers it, durably, in <root>/id for the output "mackerel". Empty text forgets it. */
  shoal_status(SHOAL_CALL* set_host_id)(shoal_context* context, shoal_text id);
  /* The host as a JSON object {"name", "meta": {"kernel", "cpu", "memory", "block_device",
   * "filesystem", ...}, "interfaces": [...]}, in the shapes of Mackerel's host API. Read anew. */
  shoal_status(SHOAL_CALL* host_spec)(shoal_context* context, shoal_receive_text receive,
                                      void* user);
  /* What is configured, as a JSON array: first {"kind": "agent", "id": "agent", "name": "shoal",
   * "configured_ns": ...}, which changes with each reload, then each job, such as {"id":
   * "check:web", "kind": "check", "name": "web", "memo": "...", "custom_identifier": "...",
   * "notification_interval": minutes, "max_check_attempts": ..., "prevent_alert_auto_close": true},
   * the last three only where they are configured; metadata jobs may have "workdir". Skip kinds and
   * members that you do not know. */
  shoal_status(SHOAL_CALL* jobs)(shoal_context* context, shoal_receive_text receive, void* user);
} shoal_identity;

#ifdef __cplusplus
}
#endif
#endif
