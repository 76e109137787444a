// Hosts that samples speak for by a custom identifier, looked up by the API and remembered. For the
// thread of the call.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

#include "api.h"

namespace shoal::mackerel {

class OtherHosts {
 public:
  // The id of the host that is not retired and has this identifier; empty if the API knows none,
  // which is asked again after ten minutes. Throws Failure.
  std::string id_of(const std::string& identifier, const Call& call, const Api& api,
                    std::int64_t now_ns);

 private:
  struct Answer {
    std::string id;
    std::int64_t time_ns = 0;
  };
  std::map<std::string, Answer> answers_;
};

}  // namespace shoal::mackerel
