// A plugin's http request against the words of services.h. Stateless.
#pragma once

#include <shoal/services.h>

#include "conformance/context.h"

namespace shoal::conformance {

// False when it cannot even be read; each fault is a finding.
bool is_proper_request(Context& context, const shoal_http_request* request,
                       shoal_receive_response receive);

}  // namespace shoal::conformance
