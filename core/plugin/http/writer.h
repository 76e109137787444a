// The bytes of a request's head. Pure functions.
#pragma once

#include <string>

#include "plugin/http.h"
#include "plugin/http/target.h"

namespace shoal::plugin {

// Throws HttpFailure with CallStatus::config if method or headers would break the message.
void check_request(const HttpRequest& request);

// `proxy` is the one that reads this head, or null: a tunnel's proxy does not.
std::string request_head(const HttpRequest& request, const HttpTarget& target,
                         const HttpTarget* proxy);

// Asks `proxy` for a tunnel to `target`.
std::string tunnel_head(const HttpTarget& target, const HttpTarget& proxy);

}  // namespace shoal::plugin
