// Calls to the Mackerel API: headers, and what each answer means. Knows nothing of hosts and
// metrics. For the thread of the call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

namespace shoal::mackerel {

// An answer other than success, or no answer that can be trusted.
class ApiFailure : public Failure {
 public:
  ApiFailure(const std::string& reason, shoal_status status, int http_status,
             std::uint32_t retry_after_ms)
      : Failure(reason, status), http_status_(http_status), retry_after_ms_(retry_after_ms) {}
  int http_status() const { return http_status_; }
  std::uint32_t retry_after_ms() const { return retry_after_ms_; }

 private:
  int http_status_;
  std::uint32_t retry_after_ms_;
};

// What an HTTP status means for the data that was sent.
shoal_status meaning_of(int http_status);

class Api {
 public:
  // Reads the options apikey, apibase, keep_alive, proxy and ca_file. Throws Failure for wrong
  // ones.
  explicit Api(const Options& options);

  // `path` begins with "/api/v0/". Returns the answer's body, which is JSON. Throws Failure.
  std::string get(const Call& call, const std::string& path) const;
  std::string post(const Call& call, const std::string& path, std::string body) const;
  std::string put(const Call& call, const std::string& path, std::string body) const;

 private:
  std::string perform(const Call& call, std::string method, const std::string& path,
                      std::string body) const;

  HttpRequest request_;  // what all requests share
  std::string base_;     // "https://api.mackerelio.com"
};

}  // namespace shoal::mackerel
