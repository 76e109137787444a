// Messages that came in over the relay: what the webhook gets is ready. Pure function.
#pragma once

#include <optional>
#include <string_view>

#include <shoal/plugin.hpp>

namespace shoal::slack {

// The JSON that the event carries for a webhook, in its label "slack_payload"; nothing if it is an
// event like others.
inline std::optional<std::string_view> relayed_payload(const shoal_event& event) {
  for (std::uint32_t i = 0; i < event.links.count; ++i) {
    const auto* label = SHOAL_AT(shoal_label, event.links, i);
    if (view(label->key) == "slack_payload") return view(label->value);
  }
  return std::nullopt;
}

}  // namespace shoal::slack
