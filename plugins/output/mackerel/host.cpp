#include "host.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/percent.h"

namespace shoal::mackerel {
namespace {

using nlohmann::json;

constexpr const char* delete_the_id =
    ": delete the file \"id\" in the agent's root directory to register anew";
constexpr std::int64_t hour_ns = 3600LL * 1'000'000'000;

json parsed(std::string_view answer) {
  return json::parse(answer, nullptr, false);
}

std::string member(const json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_string()) return {};
  return object[name].get<std::string>();
}

std::string member_of_host(std::string_view answer, const char* name) {
  const auto all = parsed(answer);
  return all.is_object() && all.contains("host") ? member(all["host"], name) : "";
}

std::string path_of(const std::string& id) {
  return "/api/v0/hosts/" + id;
}

// Why the host cannot be resolved. The data is not to blame, so it is kept; and no refusal gets
// better by asking again soon.
ApiFailure refusal(const ApiFailure& failure, const std::string& id) {
  std::string advice;
  if (failure.http_status() == 404 && !id.empty()) {
    advice = "; host " + id + " was retired or belongs to another organization" + delete_the_id;
  }
  const auto status = failure.status() == SHOAL_REJECTED ? SHOAL_AUTH : failure.status();
  return {failure.what() + advice, status, failure.http_status(), failure.retry_after_ms()};
}

}  // namespace

bool is_host_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

std::string id_in(std::string_view answer) {
  const auto id = member(parsed(answer), "id");
  if (!is_host_id(id))
    throw Failure("expected a host's id in the API's answer, found none", SHOAL_RETRY);
  return id;
}

std::string path_of_identifier(std::string_view identifier) {
  return "/api/v0/hosts?customIdentifier=" + common::percent_encoded(identifier) +
         "&status=working&status=standby&status=maintenance&status=poweroff";
}

std::string first_id_in(std::string_view answer) {
  const auto all = parsed(answer);
  const auto hosts = all.is_object() ? all.value("hosts", json::array()) : all;
  if (!hosts.is_array() || hosts.empty()) return {};
  auto id = member(hosts.front(), "id");
  return is_host_id(id) ? id : "";
}

std::string status_in(std::string_view answer) {
  return member_of_host(answer, "status");
}

std::string identifier_in(std::string_view answer) {
  return member_of_host(answer, "customIdentifier");
}

bool is_retired_in(std::string_view answer) {
  const auto all = parsed(answer);
  return all.is_object() && all.contains("host") && all["host"].is_object() &&
         all["host"].value("isRetired", false);
}

Host::Host(const Context& context)
    : context_(context),
      identity_(static_cast<const shoal_identity*>(context.service(SHOAL_SERVICE_IDENTITY))),
      cloud_(context.options()),
      profile_{context.options().text("/display_name"), context.options().texts("/roles"), {}, {}},
      status_on_start_(context.options().text("/host_status_on_start")),
      status_on_stop_(context.options().text("/host_status_on_stop")) {
  if (identity_ == nullptr) throw Failure("this host has no identity service", SHOAL_UNSUPPORTED);
}

std::string Host::from_identity(shoal_status (*shoal_identity::*function)(shoal_context*,
                                                                          shoal_receive_text,
                                                                          void*),
                                std::string_view what) const {
  std::string text;
  const shoal_receive_text receive = [](void* user, shoal_text given) {
    *static_cast<std::string*>(user) = view(given);
  };
  const auto status = (identity_->*function)(context_.raw(), receive, &text);
  if (status == SHOAL_OK || status == SHOAL_NOTHING) return text;
  throw Failure("cannot learn " + std::string(what), status);
}

std::string Host::jobs() const {
  return from_identity(&shoal_identity::jobs, "the jobs of this agent");
}

std::string Host::describe(std::string_view jobs) {
  profile_.cloud = cloud_.known();
  return host_json(from_identity(&shoal_identity::host_spec, "what the host is made of"), jobs,
                   profile_);
}

void Host::register_anew(const Call& call, const Api& api, std::string_view jobs) {
  keep_id(id_in(api.post(call, "/api/v0/hosts", describe(jobs))));
  context_.log(SHOAL_LOG_INFO, "registered this host as " + id_);
}

// At once, so that a crash from here on does not register a second one.
void Host::keep_id(const std::string& id) {
  id_ = id;
  if (id_.empty()) return;
  if (identity_->set_host_id(context_.raw(), text(id_)) != SHOAL_OK) {
    context_.log(SHOAL_LOG_ERROR, "cannot keep the host id " + id_ +
                                      "; the next start will register this host again");
  }
}

void Host::ask_cloud(const Call& call) {
  cloud_.ask(call);
  if (!cloud_.known()) return;
  auto& own = profile_.custom_identifier;
  if (!own.empty() && own != cloud_.known()->identifier) is_resolved_ = false;
  own = cloud_.known()->identifier;
}

// Where a cloud's host may be known already, it is not registered a second time only because the
// metadata service is slow to come up.
void Host::expect_sure_cloud() {
  constexpr int most_unsure_starts = 3;
  if (cloud_.is_unsure() && ++unsure_starts_ < most_unsure_starts) {
    throw Failure("this machine is one of a cloud, but its metadata service does not answer",
                  SHOAL_RETRY);
  }
}

std::string Host::find_by_cloud(const Call& call, const Api& api) const {
  if (profile_.custom_identifier.empty()) return {};
  auto id = first_id_in(api.get(call, path_of_identifier(profile_.custom_identifier)));
  if (!id.empty()) context_.log(SHOAL_LOG_INFO, "found this host as " + id + " by its cloud");
  return id;
}

void Host::expect_in_service(std::string_view answer) const {
  if (!is_retired_in(answer)) return;
  throw Failure("host " + id_ + " was retired" + delete_the_id, SHOAL_AUTH);
}

// Only two machines that are known to differ do: nothing follows from a service that is silent.
void Host::expect_same_machine(const std::string& registered_as) {
  auto& own = profile_.custom_identifier;
  if (!own.empty() && !registered_as.empty() && own != registered_as) {
    throw Failure("host " + id_ + " is registered as " + registered_as + ", but this machine is " +
                      own +
                      ": the file \"id\" may have come from another machine; delete it to "
                      "register this one",
                  SHOAL_AUTH);
  }
  if (own.empty()) own = registered_as;
}

void Host::learn_id(const Call& call, const Api& api, std::string_view jobs) {
  if (!id_.empty()) return;
  const auto id = from_identity(&shoal_identity::host_id, "this host's id");
  if (!id.empty() && !is_host_id(id)) {
    throw Failure("file \"id\": expected letters and digits, found \"" + id + "\"", SHOAL_AUTH);
  }
  id_ = id;
  if (id_.empty()) expect_sure_cloud();
  if (id_.empty()) keep_id(find_by_cloud(call, api));
  if (id_.empty()) register_anew(call, api, jobs);
}

void Host::resolve(const Call& call, const Api& api, std::string_view jobs) {
  if (is_resolved_) return;
  ask_cloud(call);
  is_cloud_asked_ = true;
  try {
    learn_id(call, api, jobs);
    const auto answer = api.get(call, path_of(id_));
    expect_in_service(answer);
    expect_same_machine(identifier_in(answer));
    if (!status_on_start_.empty() && status_in(answer) != status_on_start_) {
      api.post(call, path_of(id_) + "/status", status_json(status_on_start_));
    }
  } catch (const ApiFailure& failure) {
    throw refusal(failure, id_);
  }
  is_resolved_ = true;
}

void Host::refresh(const Call& call, const Api& api, std::string_view jobs, std::int64_t now_ns) {
  if (described_ns_ != 0 && now_ns - described_ns_ < hour_ns) return;
  described_ns_ = now_ns;
  if (!std::exchange(is_cloud_asked_, false)) ask_cloud(call);
  if (!is_resolved_) return;
  try {
    api.put(call, path_of(id_), describe(jobs));
  } catch (const Failure& failure) {
    context_.log(SHOAL_LOG_WARNING,
                 std::string("cannot update the host, next try in an hour: ") + failure.what());
  }
}

void Host::say_farewell(const Call& call, const Api& api) const {
  if (!is_resolved_ || status_on_stop_.empty()) return;
  api.post(call, path_of(id_) + "/status", status_json(status_on_stop_));
}

}  // namespace shoal::mackerel
