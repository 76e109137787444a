// Calls to the local Consul agent, and what each answer means. Knows nothing of checks. For the
// thread of the call.
#pragma once

#include <cstdint>
#include <string>

#include <shoal/plugin.hpp>

#include "peer.h"

namespace shoal::consul {

// An answer other than success.
class ApiFailure : public Failure {
 public:
  ApiFailure(const std::string& reason, shoal_status status, std::uint32_t retry_after_ms)
      : Failure(reason, status), retry_after_ms_(retry_after_ms) {}
  std::uint32_t retry_after_ms() const { return retry_after_ms_; }

 private:
  std::uint32_t retry_after_ms_;
};

enum class Answer : std::uint8_t {
  done,
  unknown  // Consul has no such check or service; old and new ones say so in different ways
};

class Api {
 public:
  explicit Api(const Peer& peer);

  // `path` begins with "/v1/". Throws Failure: SHOAL_REJECTED if Consul will never take this body,
  // SHOAL_AUTH if the token may not.
  Answer put(const Call& call, const std::string& path, const std::string& body = {}) const;
  std::string get(const Call& call, const std::string& path) const;

 private:
  HttpResponse perform(const Call& call, const std::string& method, const std::string& path,
                       const std::string& body) const;

  HttpRequest request_;  // what all requests share
  std::string base_;
};

}  // namespace shoal::consul
