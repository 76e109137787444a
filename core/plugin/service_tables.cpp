#include "plugin/service_tables.h"

#include <algorithm>
#include <chrono>
#include <string>

#include <shoal/services.h>

#include "plugin/border.h"
#include "plugin/http.h"
#include "plugin/identity.h"
#include "plugin/state.h"

namespace shoal::plugin {
namespace {

// ---- shoal.options/1 ----

// A wrong type is the configuration's fault, not the plugin's.
template <class Get, class Value>
shoal_status option(shoal_context* handle, const char* pointer, Value* value, Get&& get) noexcept {
  const auto status = guarded(handle, [&](Context& context) -> shoal_status {
    const auto found = get(context.options(), pointer == nullptr ? "" : pointer);
    if (!found) return SHOAL_NOTHING;
    *value = static_cast<Value>(*found);
    return SHOAL_OK;
  });
  return status == SHOAL_FAILED ? SHOAL_CONFIG : status;
}

shoal_status SHOAL_CALL option_text(shoal_context* handle, const char* pointer,
                                    shoal_text* value) noexcept {
  std::string_view found;
  const auto status = option(handle, pointer, &found,
                             [](const OptionValues& all, auto at) { return all.text(at); });
  if (status == SHOAL_OK) *value = text_of(found);
  return status;
}

shoal_status SHOAL_CALL option_integer(shoal_context* handle, const char* pointer,
                                       std::int64_t* value) noexcept {
  return option(handle, pointer, value,
                [](const OptionValues& all, auto at) { return all.integer(at); });
}

shoal_status SHOAL_CALL option_number(shoal_context* handle, const char* pointer,
                                      double* value) noexcept {
  return option(handle, pointer, value,
                [](const OptionValues& all, auto at) { return all.number(at); });
}

shoal_status SHOAL_CALL option_boolean(shoal_context* handle, const char* pointer,
                                       std::uint32_t* value) noexcept {
  return option(handle, pointer, value,
                [](const OptionValues& all, auto at) { return all.boolean(at); });
}

shoal_status SHOAL_CALL option_count(shoal_context* handle, const char* pointer,
                                     std::uint32_t* value) noexcept {
  return option(handle, pointer, value,
                [](const OptionValues& all, auto at) { return all.count(at); });
}

// ---- shoal.clock/1 ----

std::int64_t SHOAL_CALL clock_unix_ns(shoal_context* handle) noexcept {
  return unix_nanoseconds(Context::of(handle).services().clock.wall());
}

std::int64_t SHOAL_CALL clock_steady_ns(shoal_context* handle) noexcept {
  return Context::of(handle).services().clock.steady().time_since_epoch().count();
}

// ---- shoal.state/1 ----

shoal_status SHOAL_CALL state_get(shoal_context* handle, shoal_text key, shoal_receive_text receive,
                                  void* user) noexcept {
  return guarded(handle, [&](Context& context) -> shoal_status {
    const auto value = context.services().state->get(context.job(), view_of(key));
    if (!value) return SHOAL_NOTHING;
    receive(user, text_of(*value));
    return SHOAL_OK;
  });
}

shoal_status SHOAL_CALL state_put(shoal_context* handle, shoal_text key,
                                  shoal_text value) noexcept {
  return guarded(handle, [&](Context& context) {
    context.services().state->put(context.job(), view_of(key), view_of(value));
    return SHOAL_OK;
  });
}

shoal_status SHOAL_CALL state_remove(shoal_context* handle, shoal_text key) noexcept {
  return guarded(handle, [&](Context& context) {
    context.services().state->remove(context.job(), view_of(key));
    return SHOAL_OK;
  });
}

// ---- shoal.http/1 ----

HttpHeaders headers_of(const shoal_array& array) {
  HttpHeaders headers;
  for (std::uint32_t i = 0; array.data != nullptr && i < array.count; ++i) {
    const auto* label = SHOAL_AT(shoal_label, array, i);
    headers.emplace_back(view_of(label->key), view_of(label->value));
  }
  return headers;
}

HttpRequest request_of(const shoal_http_request& raw) {
  HttpRequest request;
  request.method = view_of(raw.method);
  request.url = view_of(raw.url);
  request.keep_alive = (raw.flags & SHOAL_HTTP_NO_KEEP_ALIVE) == 0;
  request.verify = (raw.flags & SHOAL_HTTP_NO_VERIFY) == 0;
  if (SHOAL_HAS(&raw, shoal_http_request, headers)) request.headers = headers_of(raw.headers);
  if (SHOAL_HAS(&raw, shoal_http_request, body)) request.body = view_of(raw.body);
  if (SHOAL_HAS(&raw, shoal_http_request, timeout_ms) && raw.timeout_ms != 0) {
    request.timeout = std::chrono::milliseconds(raw.timeout_ms);
  }
  if (SHOAL_HAS(&raw, shoal_http_request, max_response_bytes) && raw.max_response_bytes != 0) {
    request.max_response_bytes = raw.max_response_bytes;
  }
  if (SHOAL_HAS(&raw, shoal_http_request, proxy)) request.proxy = view_of(raw.proxy);
  if (SHOAL_HAS(&raw, shoal_http_request, ca_file)) request.ca_file = view_of(raw.ca_file);
  return request;
}

void hand_over(const HttpResponse& response, shoal_receive_response receive, void* user) {
  std::vector<shoal_label> headers;
  headers.reserve(response.headers.size());
  for (const auto& [key, value] : response.headers) {
    headers.push_back({text_of(key), text_of(value)});
  }
  const shoal_http_response raw{
      sizeof(shoal_http_response),
      response.status,
      static_cast<std::uint32_t>(
          std::clamp<std::int64_t>(response.retry_after.count(), 0, UINT32_MAX)),
      0,
      {headers.data(), static_cast<std::uint32_t>(headers.size()), sizeof(shoal_label)},
      text_of(response.body)};
  receive(user, &raw);
}

// Without a call, as from create(), the request's own timeout must do.
SteadyTime deadline_of(const Context& context, const shoal_call* call, const HttpRequest& request) {
  if (call != nullptr) return SteadyTime(std::chrono::nanoseconds(call->deadline_ns));
  return context.services().clock.steady() + request.timeout;
}

shoal_status SHOAL_CALL http_request(shoal_context* handle, const shoal_call* call,
                                     const shoal_http_request* raw, shoal_receive_response receive,
                                     void* user) noexcept {
  return guarded(handle, [&](Context& context) -> shoal_status {
    if (raw == nullptr || receive == nullptr || !SHOAL_HAS(raw, shoal_http_request, url)) {
      context.explain("request() was given no request");
      return SHOAL_BUG;
    }
    const auto request = request_of(*raw);
    const auto outcome = context.services().http->request(
        request, deadline_of(context, call, request), context.cancel_flag());
    if (outcome.status == CallStatus::ok) {
      hand_over(outcome.response, receive, user);
    } else {
      context.explain(outcome.reason);
      // A check that judges the failure itself must be able to say what it was.
      hand_over({.headers = {}, .body = outcome.reason}, receive, user);
    }
    return to_abi(outcome.status);
  });
}

// ---- shoal.identity/1 ----

shoal_status SHOAL_CALL identity_host_name(shoal_context* handle, shoal_receive_text receive,
                                           void* user) noexcept {
  return guarded(handle, [&](Context& context) {
    receive(user, text_of(context.services().identity->host_name()));
    return SHOAL_OK;
  });
}

shoal_status SHOAL_CALL identity_host_id(shoal_context* handle, shoal_receive_text receive,
                                         void* user) noexcept {
  return guarded(handle, [&](Context& context) -> shoal_status {
    const auto id = context.services().identity->host_id(context.output());
    if (!id) return SHOAL_NOTHING;
    receive(user, text_of(*id));
    return SHOAL_OK;
  });
}

shoal_status SHOAL_CALL identity_set_host_id(shoal_context* handle, shoal_text id) noexcept {
  return guarded(handle, [&](Context& context) {
    context.services().identity->set_host_id(context.output(), view_of(id));
    return SHOAL_OK;
  });
}

shoal_status SHOAL_CALL identity_host_spec(shoal_context* handle, shoal_receive_text receive,
                                           void* user) noexcept {
  return guarded(handle, [&](Context& context) {
    receive(user, text_of(context.services().identity->host_spec_json()));
    return SHOAL_OK;
  });
}

shoal_status SHOAL_CALL identity_jobs(shoal_context* handle, shoal_receive_text receive,
                                      void* user) noexcept {
  return guarded(handle, [&](Context& context) {
    receive(user, text_of(context.services().identity->jobs_json()));
    return SHOAL_OK;
  });
}

constexpr shoal_options options_table{
    sizeof(shoal_options), 0, &option_text, &option_integer, &option_number, &option_boolean,
    &option_count};
constexpr shoal_clock clock_table{sizeof(shoal_clock), 0, &clock_unix_ns, &clock_steady_ns};
constexpr shoal_state state_table{sizeof(shoal_state), 0, &state_get, &state_put, &state_remove};
constexpr shoal_http http_table{sizeof(shoal_http), 0, &http_request};
constexpr shoal_identity identity_table{sizeof(shoal_identity), 0,
                                        &identity_host_name,    &identity_host_id,
                                        &identity_set_host_id,  &identity_host_spec,
                                        &identity_jobs};

}  // namespace

const void* service_table(const Services& services, std::string_view id) noexcept {
  if (id == SHOAL_SERVICE_OPTIONS) return &options_table;
  if (id == SHOAL_SERVICE_CLOCK) return &clock_table;
  if (id == SHOAL_SERVICE_STATE) return services.state == nullptr ? nullptr : &state_table;
  if (id == SHOAL_SERVICE_HTTP) return services.http == nullptr ? nullptr : &http_table;
  if (id == SHOAL_SERVICE_IDENTITY) return services.identity == nullptr ? nullptr : &identity_table;
  return nullptr;
}

bool offers(const Services& services, std::string_view id) {
  return service_table(services, id) != nullptr;
}

}  // namespace shoal::plugin
