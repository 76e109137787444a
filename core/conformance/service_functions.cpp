#include "conformance/service_functions.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "conformance/host.h"

namespace shoal::conformance {
namespace {

Trial& trial() {
  return Host::present().trial();
}

// For functions that can fail.
template <class Body>
shoal_status with_context(shoal_context* handle, std::string_view function, Body&& body) noexcept {
  Context* const context = Context::find(trial(), handle, function);
  if (context == nullptr) return SHOAL_CANCELLED;
  if (const auto failure = Host::present().next_failure(*context)) return *failure;
  return body(*context);
}

// ---- shoal.options/1 ----

// The schema of the option to which a pointer leads, or null.
nlohmann::json schema_of(std::string_view pointer) {
  const auto schemas = nlohmann::json::parse(trial().subject().manifest.options_schema);
  if (!pointer.starts_with('/'))
    return pointer.empty() ? nlohmann::json{{"type", "object"}} : nlohmann::json();
  pointer.remove_prefix(1);
  const std::string name(pointer.substr(0, pointer.find('/')));
  const auto found = schemas.find(name);
  return found == schemas.end() ? nlohmann::json() : *found;
}

void check_pointer(const char* pointer) {
  if (schema_of(pointer).is_null()) {
    trial().find(Rule::options_undeclared, "{} is asked for, the manifest has no such option",
                 pointer);
  }
}

template <class Value, class Get>
shoal_status option(shoal_context* handle, const char* pointer, Value* value, std::string_view type,
                    Get&& get) noexcept {
  return with_context(handle, "an options function", [&](Context& context) -> shoal_status {
    if (pointer == nullptr || value == nullptr) {
      trial().find(Rule::options_undeclared, "an option is asked for with NULL");
      return SHOAL_BUG;
    }
    check_pointer(pointer);
    try {
      const auto found = get(context.options(), pointer);
      if (!found) return SHOAL_NOTHING;
      *value = static_cast<Value>(*found);
      return SHOAL_OK;
    } catch (const Error& error) {
      trial().find(Rule::options_type, "{} is asked for as {}: {}", pointer, type, error.what());
      context.explained_by_host();
      return SHOAL_CONFIG;
    }
  });
}

shoal_status SHOAL_CALL option_text(shoal_context* handle, const char* pointer,
                                    shoal_text* value) noexcept {
  std::string_view found;
  const auto status = option(handle, pointer, value == nullptr ? nullptr : &found, "text",
                             [](const auto& all, auto at) { return all.text(at); });
  if (status == SHOAL_OK) *value = {found.empty() ? "" : found.data(), found.size()};
  return status;
}

shoal_status SHOAL_CALL option_integer(shoal_context* handle, const char* pointer,
                                       std::int64_t* value) noexcept {
  return option(handle, pointer, value, "an integer",
                [](const auto& all, auto at) { return all.integer(at); });
}

shoal_status SHOAL_CALL option_number(shoal_context* handle, const char* pointer,
                                      double* value) noexcept {
  return option(handle, pointer, value, "a number",
                [](const auto& all, auto at) { return all.number(at); });
}

shoal_status SHOAL_CALL option_boolean(shoal_context* handle, const char* pointer,
                                       std::uint32_t* value) noexcept {
  return option(handle, pointer, value, "a boolean",
                [](const auto& all, auto at) { return all.boolean(at); });
}

shoal_status SHOAL_CALL option_count(shoal_context* handle, const char* pointer,
                                     std::uint32_t* value) noexcept {
  return option(handle, pointer, value, "a count",
                [](const auto& all, auto at) { return all.count(at); });
}

// ---- shoal.clock/1 ----

std::int64_t SHOAL_CALL clock_unix_ns(shoal_context* handle) noexcept {
  Context::find(trial(), handle, "unix_ns()");
  return unix_nanoseconds(SystemClock().wall() + Host::present().wall_offset);
}

std::int64_t SHOAL_CALL clock_steady_ns(shoal_context* handle) noexcept {
  Context::find(trial(), handle, "steady_ns()");
  return SystemClock().steady().time_since_epoch().count();
}

// ---- shoal.state/1 ----

bool can_receive(const void* receive, std::string_view function) {
  if (receive == nullptr) trial().find(Rule::state_use, "{} was given no receive", function);
  return receive != nullptr;
}

shoal_status SHOAL_CALL state_get(shoal_context* handle, shoal_text key, shoal_receive_text receive,
                                  void* user) noexcept {
  return with_context(handle, "state get()", [&](Context& context) -> shoal_status {
    const std::string name(context.check_text(key, "a state key"));
    if (!can_receive(reinterpret_cast<const void*>(receive), "get()")) return SHOAL_BUG;
    return Host::present().get_state(context, name, receive, user);
  });
}

shoal_status SHOAL_CALL state_put(shoal_context* handle, shoal_text key,
                                  shoal_text value) noexcept {
  return with_context(handle, "state put()", [&](Context& context) {
    const std::string name(context.check_text(key, "a state key"));
    if (value.data == nullptr) trial().find(Rule::text_null, "a state value has data NULL");
    return Host::present().put_state(
        context, name, value.data == nullptr ? "" : std::string(value.data, value.size));
  });
}

shoal_status SHOAL_CALL state_remove(shoal_context* handle, shoal_text key) noexcept {
  return with_context(handle, "state remove()", [&](Context& context) {
    return Host::present().remove_state(context,
                                        std::string(context.check_text(key, "a state key")));
  });
}

// ---- shoal.http/1 ----

shoal_status SHOAL_CALL http_request(shoal_context* handle, const shoal_call* call,
                                     const shoal_http_request* request,
                                     shoal_receive_response receive, void* user) noexcept {
  return with_context(handle, "http request()", [&](Context& context) {
    return Host::present().request(context, call, request, receive, user);
  });
}

// ---- shoal.identity/1 ----

shoal_status answer(shoal_context* handle, std::string_view text, shoal_receive_text receive,
                    void* user) noexcept {
  return with_context(handle, "an identity function", [&](Context&) -> shoal_status {
    if (!can_receive(reinterpret_cast<const void*>(receive), "an identity function")) {
      return SHOAL_BUG;
    }
    Host::present().hand_over(text, receive, user);
    return SHOAL_OK;
  });
}

shoal_status SHOAL_CALL host_name(shoal_context* handle, shoal_receive_text receive,
                                  void* user) noexcept {
  return answer(handle, "tester.example", receive, user);
}

shoal_status SHOAL_CALL host_id(shoal_context* handle, shoal_receive_text receive,
                                void* user) noexcept {
  const auto id = Host::present().host_id();
  if (!id.empty()) return answer(handle, id, receive, user);
  return with_context(handle, "host_id()", [](Context&) { return SHOAL_NOTHING; });
}

shoal_status SHOAL_CALL set_host_id(shoal_context* handle, shoal_text id) noexcept {
  return with_context(handle, "set_host_id()", [&](Context& context) {
    Host::present().set_host_id(std::string(context.check_text(id, "a host id")));
    return SHOAL_OK;
  });
}

shoal_status SHOAL_CALL host_spec(shoal_context* handle, shoal_receive_text receive,
                                  void* user) noexcept {
  return answer(handle, R"({"name":"tester.example","meta":{},"interfaces":[]})", receive, user);
}

shoal_status SHOAL_CALL jobs(shoal_context* handle, shoal_receive_text receive,
                             void* user) noexcept {
  return answer(handle, R"([{"id":"check:web","kind":"check","name":"web"}])", receive, user);
}

}  // namespace

shoal_options ServiceFunctions::options() {
  return {sizeof(shoal_options), 0, &option_text, &option_integer, &option_number, &option_boolean,
          &option_count};
}
shoal_clock ServiceFunctions::clock() {
  return {sizeof(shoal_clock), 0, &clock_unix_ns, &clock_steady_ns};
}
shoal_state ServiceFunctions::state() {
  return {sizeof(shoal_state), 0, &state_get, &state_put, &state_remove};
}
shoal_http ServiceFunctions::http() {
  return {sizeof(shoal_http), 0, &http_request};
}
shoal_identity ServiceFunctions::identity() {
  return {sizeof(shoal_identity), 0, &host_name, &host_id, &set_host_id, &host_spec, &jobs};
}

}  // namespace shoal::conformance
