// The HTTP client that plugins are lent as "shoal.http/1": one request, one answer, one total
// deadline.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "plugin/instance.h"

namespace shoal::plugin {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// As shoal_http_request in shoal/services.h.
struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string body;
  bool keep_alive = true;
  bool verify = true;
  std::chrono::milliseconds timeout{30'000};
  std::size_t max_response_bytes = 1 << 20;
  std::string proxy;
  std::string ca_file;
};

struct HttpResponse {
  int status = 0;
  std::chrono::milliseconds retry_after{};  // zero: none given
  HttpHeaders headers;
  std::string body;
};

struct HttpOutcome {
  CallStatus status = CallStatus::ok;  // ok: there is a response, whatever its status
  std::string reason;                  // without secrets; empty when ok
  HttpResponse response;
};

// Thread-safe; calls block.
class Http {
 public:
  virtual ~Http() = default;
  // Ends at the earliest of `deadline`, the request's timeout, and a non-zero `cancel`.
  virtual HttpOutcome request(const HttpRequest& request, SteadyTime deadline,
                              const std::atomic<std::uint32_t>& cancel) = 0;
};

}  // namespace shoal::plugin
