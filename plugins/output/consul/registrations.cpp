#include "registrations.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/percent.h"

namespace shoal::consul {
namespace {

using nlohmann::json;

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1'000 * millisecond;
constexpr std::int64_t look_interval_ns = 60 * second;
constexpr std::int64_t probe_interval_ns = 4 * second;

std::string path_of(std::string_view act, std::string_view id) {
  return "/v1/agent/" + std::string(act) + "/" + common::percent_encoded(id);
}

Service service_of(const Options& options) {
  Service service{options.text("/service_id"), options.text("/service"),
                  options.texts("/service_tags"), options.text("/service_address"),
                  options.integer("/service_port")};
  if (service.id.empty()) service.id = service.name;
  if (service.name.empty() && !(service.id + service.address).empty()) {
    throw Failure("service: expected the name that service_id and service_address are of",
                  SHOAL_CONFIG);
  }
  return service;
}

// "shoal:web, shoal:db"; nothing of none.
std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

bool is_marked(const json& service, const std::string& mark) {
  return service.is_object() && service.contains("Meta") && service["Meta"].is_object() &&
         service["Meta"].value("shoal", "") == mark;
}

}  // namespace

Registrations::Registrations(const Context& context)
    : context_(context),
      clock_(static_cast<const shoal_clock*>(context.service(SHOAL_SERVICE_CLOCK))),
      api_(find_peer(peer_options(context.options()), from_process)),
      prefix_(context.options().text("/prefix", "shoal:")),
      unknown_(context.options().text("/unknown", "critical")),
      service_(service_of(context.options())),
      ttl_ms_(context.options().integer("/ttl", 60'000)),
      deregister_after_ms_(context.options().integer("/deregister_critical_after")),
      is_deregistered_on_stop_(context.options().boolean("/deregister_on_stop")) {
  if (clock_ == nullptr) throw Failure("this host has no clock service", SHOAL_UNSUPPORTED);
  if (prefix_.empty()) {
    throw Failure("prefix: expected what the ids of our checks begin with, got nothing",
                  SHOAL_CONFIG);
  }
}

void Registrations::tell(const Call& call, const Checks& checks) {
  if (steady_ns() >= next_look_ns_) look(call, checks);
  if (tell_due(call, checks)) return;
  // Consul has forgotten one: it will have forgotten others.
  look(call, checks);
  if (!tell_due(call, checks)) {
    throw Failure("Consul does not know a check that it has just taken", SHOAL_RETRY);
  }
}

void Registrations::look(const Call& call, const Checks& checks) {
  next_look_ns_ = 0;
  look_at_checks(call, checks);
  look_at_services(call);
  next_look_ns_ = steady_ns() + look_interval_ns;
}

json Registrations::object_from(const Call& call, const std::string& path) const {
  auto object = json::parse(api_.get(call, path), nullptr, false);
  if (object.is_object()) return object;
  throw Failure("GET " + path + ": expected a JSON object; check that Consul listens at address",
                SHOAL_RETRY);
}

void Registrations::look_at_checks(const Call& call, const Checks& checks) {
  const auto there = object_from(call, "/v1/agent/checks");
  std::vector<std::string> stale;
  for (const auto& [id, check] : there.items()) {
    const bool is_ours = id.starts_with(prefix_);
    if (is_ours && !checks.is_configured(id.substr(prefix_.size()))) stale.push_back(id);
  }
  for (const auto& id : stale) api_.put(call, path_of("check/deregister", id));
  if (!stale.empty()) {
    context_.log(SHOAL_LOG_INFO,
                 "removed from Consul what is configured no more: " + joined(stale));
  }
  std::erase_if(told_, [&](const auto& entry) { return !checks.is_configured(entry.first); });
  for (auto& [name, told] : told_) {
    if (told.notes && !there.contains(id_of(name))) told.notes.reset();
  }
}

void Registrations::look_at_services(const Call& call) {
  const auto there = object_from(call, "/v1/agent/services");
  for (const auto& [id, service] : there.items()) {
    if (id == service_.id || !is_marked(service, prefix_)) continue;
    api_.put(call, path_of("service/deregister", id));
    context_.log(SHOAL_LOG_INFO, "removed from Consul the service " + id);
  }
  const bool is_there = is_service_registered_ && there.contains(service_.id);
  if (service_.name.empty() || is_there) return;
  api_.put(call, "/v1/agent/service/register", service_json(service_, prefix_));
  is_service_registered_ = true;
}

bool Registrations::is_due(const Told& told, const Check& check) const {
  if (told.refused == check.notes) return false;
  const auto heartbeat_ns = ttl_ms_ * millisecond / 3;
  return told.notes != check.notes || told.status != status_of(check) ||
         told.output != check.output || told.result_ns != check.result_ns ||
         steady_ns() - told.steady_ns >= heartbeat_ns;
}

// False if Consul turned out not to know a check.
bool Registrations::tell_due(const Call& call, const Checks& checks) {
  const auto now = clock_->unix_ns(context_.raw());
  for (const auto& entry : checks.all()) {
    const Check& check = entry.second;
    // A check that is silent is not kept alive: its time to live runs out.
    if (check.speaks_upto_ns < now || !is_due(told_[entry.first], check)) continue;
    if (!tell_one(call, entry)) return false;
  }
  return steady_ns() - last_told_ns_ < probe_interval_ns || tell_longest_ago(call, checks);
}

bool Registrations::tell_longest_ago(const Call& call, const Checks& checks) {
  const auto now = clock_->unix_ns(context_.raw());
  const Entry* longest_ago = nullptr;
  for (const auto& entry : checks.all()) {
    const Told& told = told_[entry.first];
    if (entry.second.speaks_upto_ns < now || !told.notes) continue;
    if (longest_ago == nullptr || told.steady_ns < told_[longest_ago->first].steady_ns) {
      longest_ago = &entry;
    }
  }
  return longest_ago == nullptr || tell_one(call, *longest_ago);
}

bool Registrations::tell_one(const Call& call, const Entry& entry) {
  const auto& [name, check] = entry;
  Told& told = told_[name];
  const auto status = status_of(check);
  try {
    if (told.notes != check.notes && !register_one(call, entry, told)) return false;
    const auto path = path_of("check/update", id_of(name));
    if (api_.put(call, path, update_json(status, check.output)) == Answer::unknown) {
      told.notes.reset();
      return false;
    }
  } catch (const ApiFailure& failure) {
    if (failure.status() != SHOAL_REJECTED) throw;
    told.notes.reset();
    told.refused = check.notes;
    told.refusal = failure.what();
    context_.log(SHOAL_LOG_ERROR, "check " + name + " is refused: " + failure.what());
    return true;
  }
  last_told_ns_ = steady_ns();
  told = {check.notes, {}, {}, status, check.output, check.result_ns, last_told_ns_};
  return true;
}

// False if its service is not there.
bool Registrations::register_one(const Call& call, const Entry& entry, Told& told) {
  const auto& [name, check] = entry;
  const Registration registration{id_of(name), name,    check.notes,
                                  service_.id, ttl_ms_, deregister_after_ms_};
  const auto body = registration_json(registration, status_of(check));
  told.notes.reset();
  if (api_.put(call, "/v1/agent/check/register", body) == Answer::unknown) {
    is_service_registered_ = false;
    return false;
  }
  told.notes = check.notes;
  return true;
}

std::string Registrations::refusal(std::string_view check) const {
  const auto found = told_.find(check);
  return found == told_.end() ? "" : found->second.refusal;
}

void Registrations::stop(const Call& call) {
  if (!is_deregistered_on_stop_) return;
  for (const auto& [name, told] : told_) {
    if (told.notes) api_.put(call, path_of("check/deregister", id_of(name)));
  }
  if (is_service_registered_) api_.put(call, path_of("service/deregister", service_.id));
}

}  // namespace shoal::consul
