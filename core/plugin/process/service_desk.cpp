#include "plugin/process/service_desk.h"

#include <exception>
#include <optional>
#include <utility>

#include "plugin/http.h"
#include "plugin/identity.h"
#include "plugin/state.h"

namespace shoal::plugin {
namespace {

using wire::Service;
using Value = std::optional<std::string>;

bool is_offered(Service service, const Services& services) {
  switch (service) {
    case Service::state_get:
    case Service::state_put:
    case Service::state_remove:
      return services.state != nullptr;
    case Service::http_request:
      return services.http != nullptr;
    default:
      return services.identity != nullptr;
  }
}

// What is asked of state and identity; empty if there is none.
Value value_of(const wire::Request& request, const Context& context) {
  const auto& services = context.services();
  switch (request.service) {
    case Service::state_get:
      return services.state->get(context.job(), request.key);
    case Service::state_put:
      services.state->put(context.job(), request.key, request.value);
      return "";
    case Service::state_remove:
      services.state->remove(context.job(), request.key);
      return "";
    case Service::host_name:
      return services.identity->host_name();
    case Service::host_spec:
      return services.identity->host_spec_json();
    case Service::jobs:
      return services.identity->jobs_json();
    case Service::host_id:
      return services.identity->host_id(context.output());
    case Service::set_host_id:
      services.identity->set_host_id(context.output(), request.value);
      return "";
    case Service::http_request:
      break;
  }
  return std::nullopt;
}

void ask_http(wire::Answer& answer, const wire::Request& request, const Context& context,
              SteadyTime deadline) {
  auto outcome = context.services().http->request(request.http, deadline, context.cancel_flag());
  answer.status = outcome.status;
  answer.reason = std::move(outcome.reason);
  answer.http = std::move(outcome.response);
}

}  // namespace

wire::Answer answer(const wire::Request& request, const Context& context, SteadyTime deadline) {
  wire::Answer answer{
      .request = request.number, .status = CallStatus::ok, .reason = {}, .value = {}, .http = {}};
  if (!is_offered(request.service, context.services())) {
    answer.status = CallStatus::unsupported;
    answer.reason = "this agent does not offer that service";
    return answer;
  }
  // As for an inline plugin: what a service cannot do is the plugin's to handle.
  try {
    if (request.service == Service::http_request) {
      ask_http(answer, request, context, deadline);
    } else if (auto value = value_of(request, context)) {
      answer.value = *std::move(value);
    } else {
      answer.status = CallStatus::nothing;
    }
  } catch (const std::exception& error) {
    answer.status = CallStatus::failed;
    answer.reason = error.what();
  }
  return answer;
}

}  // namespace shoal::plugin
