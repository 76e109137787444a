// What one output shares among all it posts: the API under one key, this host and others as that
// organization knows them, and the jobs of this agent. For the thread of the call.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.hpp>

#include "api.h"
#include "host.h"
#include "inventory.h"
#include "other_hosts.h"

namespace shoal::mackerel {

using Indices = std::vector<std::uint32_t>;  // of records in a batch

class Account {
 public:
  explicit Account(const Context& context);

  // Finds or registers the host, tells the API what it is made of if it is time to, and learns
  // which jobs there are. Throws Failure if the host cannot be resolved.
  void prepare(const Call& call);
  void say_farewell(const Call& call) const { host_.say_farewell(call, api_); }

  const Context& context() const { return context_; }
  const Api& api() const { return api_; }
  const Inventory& inventory() const { return inventory_; }
  std::int64_t now_ns() const { return clock_->unix_ns(context_.raw()); }
  const std::string& host_id() const { return host_.id(); }
  // The id of the host with that custom identifier, of this one if it is empty. Empty if the API
  // knows none. Throws Failure.
  std::string host_id(std::string_view identifier, const Call& call);

 private:
  const Context& context_;
  const shoal_clock* clock_;
  Api api_;
  Host host_;
  OtherHosts others_;
  Inventory inventory_;
};

// Says why a record is rejected, in the log and to the host.
void reject(Batch& batch, std::uint32_t index, const std::string& reason);

// A request for some records of a batch that must not hold up the others.
struct Apart {
  std::string what;                                // "graph definitions"
  std::function<void(const Indices&)> post;        // throws Failure
  std::function<std::string(std::uint32_t)> name;  // of one record
};
// What the API does not take now stays for later; a request that it refuses is halved until the bad
// record is alone, and that one is rejected.
void post_apart(Batch& batch, const Indices& indices, const Apart& apart);

}  // namespace shoal::mackerel
