// Why an HTTP exchange came to nothing. Thrown only between the parts of the HTTP client, and
// caught in one place, where it becomes an HttpOutcome.
#pragma once

#include <string>

#include "base/error.h"
#include "plugin/instance.h"

namespace shoal::plugin {

class HttpFailure : public Error {
 public:
  HttpFailure(CallStatus status, const std::string& reason) : Error(reason), status_(status) {}
  CallStatus status() const { return status_; }

 private:
  CallStatus status_;
};

}  // namespace shoal::plugin
