// A plugin's http request against the words of services.h. Stateless.
#pragma once

#include <shoal/services.h>

#include "conformance/context.h"

namespace shoal::conformance {

enum class RequestFault : std::uint8_t {
  none,
  unreadable,  // nothing a host could send
  refused      // a value of the operator's that no request can carry; no fault of the plugin
};

// Each fault of the plugin is a finding.
RequestFault judge_request(Context& context, const shoal_http_request* request,
                           shoal_receive_response receive);

}  // namespace shoal::conformance
