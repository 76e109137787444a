// One request through the host's http service, told as it went: a check judges the failure too, and
// must be able to say what it was.
#pragma once

#include <string>

#include <shoal/plugin.hpp>

namespace shoal::http {

struct Exchange {
  shoal_status status = SHOAL_FAILED;  // SHOAL_OK: there is a response
  HttpResponse response;
  std::string reason;  // why there is none
};

Exchange ask(const Call& call, const HttpRequest& request);

// The value of a header, its name in lower case; empty if it is absent.
std::string header_of(const HttpResponse& response, const std::string& name);

}  // namespace shoal::http
