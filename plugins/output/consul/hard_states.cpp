#include "hard_states.h"

#include <nlohmann/json.hpp>

namespace shoal::consul {
namespace {

using nlohmann::json;

bool is_state(const json& value) {
  return value.is_array() && value.size() == 2 && value[0].is_number_unsigned() &&
         value[1].is_number_integer();
}

}  // namespace

HardStates::HardStates(std::string_view text) {
  const auto all = json::parse(text, nullptr, false);
  if (!all.is_object()) return;
  for (const auto& [check, value] : all.items()) {
    if (is_state(value)) states_[check] = {value[0], value[1], 0};
  }
}

void HardStates::tell(std::string_view check, const shoal_event& event) {
  const bool is_soft_change = event.from != event.to && event.is_hard == 0;
  if (is_soft_change) return;
  State& state = states_[std::string(check)];
  if (event.time_ns < state.event_ns) return;
  state.status = event.to;
  state.event_ns = event.time_ns;
}

void HardStates::count(std::string_view check, std::uint32_t status, std::uint32_t attempts) {
  State& state = states_[std::string(check)];
  if (state.event_ns != 0) return;
  state.failures = status == SHOAL_CHECK_OK ? 0 : state.failures + 1;
  if (state.failures == 0 || state.failures >= attempts) state.status = status;
}

void HardStates::keep_only(const std::function<bool(std::string_view check)>& is_wanted) {
  std::erase_if(states_, [&](const auto& entry) { return !is_wanted(entry.first); });
}

std::uint32_t HardStates::of(std::string_view check) const {
  const auto found = states_.find(check);
  return found == states_.end() ? SHOAL_CHECK_OK : found->second.status;
}

std::string HardStates::text() const {
  json all = json::object();
  for (const auto& [check, state] : states_) {
    if (state.event_ns != 0) all[check] = {state.status, state.event_ns};
  }
  return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace shoal::consul
