// What is known of each configured check: its newest result and its hard state, as Consul is to
// show them. Pure; not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

#include "hard_states.h"
#include "inventory.h"

namespace shoal::consul {

struct Check {
  std::string notes;
  std::uint32_t hard = SHOAL_CHECK_OK;
  std::string output;
  // The newest result.
  std::uint32_t status = SHOAL_CHECK_OK;
  std::string text;
  std::int64_t result_ns = 0;
  std::int64_t speaks_upto_ns = 0;  // after that, it is silence
};

class Checks {
 public:
  // `saved` as hard_states() gave it once. An `inventory` of the caller's, who calls configure()
  // when it has changed.
  Checks(const Inventory& inventory, std::string_view saved)
      : inventory_(inventory), hard_states_(saved) {}

  // Forgets the checks that are configured no more.
  void configure();

  // One that is older than another of its check, or of no configured check, changes nothing.
  void note(const shoal_check_result& result);
  void note(const shoal_event& event);

  bool is_configured(std::string_view check) const { return inventory_.find(check) != nullptr; }
  // Those with a result, by name.
  const std::map<std::string, Check, std::less<>>& all() const { return checks_; }
  std::string hard_states() const { return hard_states_.text(); }

 private:
  void show(const std::string& name, Check& check);

  const Inventory& inventory_;
  HardStates hard_states_;
  std::map<std::string, Check, std::less<>> checks_;
};

}  // namespace shoal::consul
