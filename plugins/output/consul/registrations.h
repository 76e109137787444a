// Keeps Consul's agent told: the service and the checks registered there, each with its state, and
// nothing else under our prefix. Remembers what was told as long as the output lives. For the
// thread of the call.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include <shoal/plugin.hpp>

#include "api.h"
#include "checks.h"
#include "payload.h"

namespace shoal::consul {

class Registrations {
 public:
  // Reads all options; throws Failure for wrong ones.
  explicit Registrations(const Context& context);

  // Brings Consul up to date: states that changed, results that are new, heartbeats that are due,
  // and, if there is none of these, the check that was told longest ago, so that a Consul that has
  // forgotten is noticed. Throws Failure.
  void tell(const Call& call, const Checks& checks);
  // Compares with what Consul has at the next tell(), which is done every minute in any case.
  void look_soon() { next_look_ns_ = 0; }

  // Why Consul will not take this check; empty if it does.
  std::string refusal(std::string_view check) const;

  // What deregister_on_stop asks for. Throws Failure.
  void stop(const Call& call);

 private:
  struct Told {
    std::optional<std::string> notes;    // nothing: not registered
    std::optional<std::string> refused;  // the notes that it was refused with
    std::string refusal;
    std::string_view status;
    std::string output;
    std::int64_t result_ns = 0;
    std::int64_t steady_ns = 0;
  };
  using Entry = std::pair<const std::string, Check>;

  std::string id_of(std::string_view check) const { return prefix_ + std::string(check); }
  std::string_view status_of(const Check& check) const { return status_word(check.hard, unknown_); }
  std::int64_t steady_ns() const { return clock_->steady_ns(context_.raw()); }
  bool is_due(const Told& told, const Check& check) const;

  void look(const Call& call, const Checks& checks);
  void look_at_checks(const Call& call, const Checks& checks);
  void look_at_services(const Call& call);
  bool tell_due(const Call& call, const Checks& checks);
  bool tell_longest_ago(const Call& call, const Checks& checks);
  bool tell_one(const Call& call, const Entry& entry);
  bool register_one(const Call& call, const Entry& entry, Told& told);
  nlohmann::json object_from(const Call& call, const std::string& path) const;

  const Context& context_;
  const shoal_clock* clock_;
  Api api_;
  std::string prefix_;
  std::string unknown_;  // the status word for an UNKNOWN
  Service service_;      // without a name: checks are the node's
  std::int64_t ttl_ms_;
  std::int64_t deregister_after_ms_;
  bool is_deregistered_on_stop_;

  std::map<std::string, Told, std::less<>> told_;
  bool is_service_registered_ = false;
  std::int64_t next_look_ns_ = 0;  // steady
  std::int64_t last_told_ns_ = 0;
};

}  // namespace shoal::consul
