// What the functions that plugins call share: text across the border, and the guard that lets no
// exception over it.
#pragma once

#include <exception>
#include <string_view>

#include <shoal/types.h>

#include "plugin/context.h"

namespace shoal::plugin {

// A careless plugin's text may have no data.
inline std::string_view view_of(shoal_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}
inline shoal_text text_of(std::string_view view) {
  return {view.data() == nullptr ? "" : view.data(), view.size()};
}

// CallStatus counts upwards in the order in which the ABI's failures count downwards.
inline shoal_status to_abi(CallStatus status) {
  const auto number = static_cast<shoal_status>(status);
  return number <= SHOAL_NOTHING ? number : 1 - number;
}
inline CallStatus from_abi(shoal_status status) {
  if (status >= 0) return status == SHOAL_NOTHING ? CallStatus::nothing : CallStatus::ok;
  return status < SHOAL_FAILED ? CallStatus::bug : static_cast<CallStatus>(1 - status);
}

// Runs body(context); an exception becomes SHOAL_FAILED with its text as the reason.
template <class Body>
shoal_status guarded(shoal_context* handle, Body&& body) noexcept {
  auto& context = Context::of(handle);
  try {
    return body(context);
  } catch (const std::exception& error) {
    try {
      context.explain(error.what());
    } catch (...) {
      return SHOAL_FAILED;  // out of memory: the status alone must do
    }
    return SHOAL_FAILED;
  }
}

}  // namespace shoal::plugin
