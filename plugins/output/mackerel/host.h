// The host as Mackerel knows it: registered once, found again by its id or by its cloud, kept up to
// date. For the
// thread of the call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

#include "api.h"
#include "cloud.h"
#include "payload.h"

namespace shoal::mackerel {

class Host {
 public:
  // Reads the options display_name, roles, cloud_platform, host_status_on_start and
  // host_status_on_stop.
  explicit Host(const Context& context);

  // The first call that succeeds finds the host, or registers it if there is no id yet, and sets
  // its status; later ones return at once. Throws Failure: SHOAL_AUTH if the API knows no such
  // host.
  void resolve(const Call& call, const Api& api, std::string_view jobs);
  // Of the resolved host.
  const std::string& id() const { return id_; }

  // Sends what the host is made of and does if that was longer than an hour ago. Failure is only
  // logged. A machine that turns out to be another one is not updated but resolved anew.
  void refresh(const Call& call, const Api& api, std::string_view jobs, std::int64_t now_ns);
  // Has the next refresh() send it, however short the time.
  void describe_soon() { described_ns_ = 0; }
  // As shoal.identity/1 gives them now. Throws Failure.
  std::string jobs() const;

  // Posts the status for a stopped host, if there is one. Throws Failure.
  void say_farewell(const Call& call, const Api& api) const;

 private:
  std::string describe(std::string_view jobs);
  void keep_id(const std::string& id);
  void ask_cloud(const Call& call);
  void expect_sure_cloud();
  std::string find_by_cloud(const Call& call, const Api& api) const;
  void expect_in_service(std::string_view answer) const;
  void expect_same_machine(const std::string& registered_as);
  void learn_id(const Call& call, const Api& api, std::string_view jobs);
  void register_anew(const Call& call, const Api& api, std::string_view jobs);
  std::string from_identity(shoal_status (*shoal_identity::*function)(shoal_context*,
                                                                      shoal_receive_text, void*),
                            std::string_view what) const;

  const Context& context_;
  const shoal_identity* identity_;
  CloudFinder cloud_;
  int unsure_starts_ = 0;
  bool is_cloud_asked_ = false;  // since the last update
  Profile profile_;
  std::string status_on_start_;
  std::string status_on_stop_;
  std::string id_;  // kept from registration on, whatever else fails
  bool is_resolved_ = false;
  std::int64_t described_ns_ = 0;
};

// An id goes into paths and files, so it is letters, digits, - and _ only.
bool is_host_id(std::string_view text);
// The id in {"id": "..."}; throws Failure if there is none.
std::string id_in(std::string_view answer);
// The id of the first host in {"hosts": [...]}; empty if there is none.
std::string first_id_in(std::string_view answer);
// The query for hosts that have that custom identifier and are not retired.
std::string path_of_identifier(std::string_view identifier);
// "working", ... of {"host": {"status": "..."}}; empty if there is none.
std::string status_in(std::string_view answer);
// The same for its custom identifier.
std::string identifier_in(std::string_view answer);
bool is_retired_in(std::string_view answer);

}  // namespace shoal::mackerel
