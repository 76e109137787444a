#include "plugin_host/remote_services.h"

#include <utility>

#include "base/error.h"

namespace shoal::plugin_host {

namespace wire = plugin::wire;
using plugin::CallStatus;
using wire::Service;

std::optional<std::string> RemoteServices::ask(Service service, std::string_view key,
                                               std::string_view value) {
  auto answer = agent_.ask({.number = 0,
                            .service = service,
                            .key = std::string(key),
                            .value = std::string(value),
                            .http = {}});
  if (answer.status == CallStatus::nothing) return std::nullopt;
  if (answer.status != CallStatus::ok) throw Error(answer.reason);
  return std::move(answer.value);
}

void RemoteServices::write(std::uint32_t level, std::string_view, std::string_view line) {
  agent_.send(wire::LogLine{level, std::string(line)});
}

std::optional<std::string> RemoteServices::get(std::string_view, std::string_view key) {
  return ask(Service::state_get, key);
}

void RemoteServices::put(std::string_view, std::string_view key, std::string_view value) {
  ask(Service::state_put, key, value);
}

void RemoteServices::remove(std::string_view, std::string_view key) {
  ask(Service::state_remove, key);
}

plugin::HttpOutcome RemoteServices::request(const plugin::HttpRequest& request, SteadyTime,
                                            const std::atomic<std::uint32_t>&) {
  auto answer = agent_.ask(
      {.number = 0, .service = Service::http_request, .key = {}, .value = {}, .http = request});
  return {answer.status, std::move(answer.reason), std::move(answer.http)};
}

std::string RemoteServices::host_name() {
  return ask(Service::host_name).value_or(std::string());
}

std::optional<std::string> RemoteServices::host_id(std::string_view) {
  return ask(Service::host_id);
}

void RemoteServices::set_host_id(std::string_view, std::string_view id) {
  ask(Service::set_host_id, {}, id);
}

std::string RemoteServices::host_spec_json() {
  return ask(Service::host_spec).value_or("{}");
}

std::string RemoteServices::jobs_json() {
  return ask(Service::jobs).value_or("[]");
}

}  // namespace shoal::plugin_host
