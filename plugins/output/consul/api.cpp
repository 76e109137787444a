#include "api.h"

#include <algorithm>
#include <string_view>

#include "payload.h"

namespace shoal::consul {
namespace {

shoal_status meaning_of(int http_status) {
  switch (http_status) {
    case 200:
      return SHOAL_OK;
    case 401:
    case 403:
    case 404:
      return SHOAL_AUTH;
    case 400:
    case 405:
    case 413:
      return SHOAL_REJECTED;
    default:
      return SHOAL_RETRY;
  }
}

std::string_view advice_for(int http_status) {
  switch (http_status) {
    case 401:
      return "; check CONSUL_HTTP_AUTH";
    case 403:
      return "; check that token is right and may write this node or service";
    case 404:
      return "; check that Consul listens at address";
    default:
      return {};
  }
}

// New Consuls answer 404, older ones 500; so do all for an id that is there but no TTL check.
bool is_unknown(const HttpResponse& response) {
  constexpr std::string_view texts[] = {"does not have associated TTL", "nknown check",
                                        "nknown service", "does not exist"};
  if (response.status == 404) return true;
  return response.status == 500 &&
         std::any_of(std::begin(texts), std::end(texts), [&](std::string_view text) {
           return response.body.find(text) != std::string::npos;
         });
}

std::string said(const std::string& body) {
  constexpr std::size_t longest = 200;
  const auto line = body.substr(0, body.find_first_of("\r\n"));
  return line.empty() ? "" : ": " + cut(line, longest);
}

ApiFailure failure_of(const std::string& what, const HttpResponse& response) {
  const auto reason = what + ": HTTP " + std::to_string(response.status) + said(response.body) +
                      std::string(advice_for(response.status));
  return {reason, meaning_of(response.status), response.retry_after_ms};
}

}  // namespace

Api::Api(const Peer& peer) : base_(peer.base) {
  if (!peer.token.empty()) request_.headers = {{"X-Consul-Token", peer.token}};
  request_.flags = peer.is_verified ? 0 : SHOAL_HTTP_NO_VERIFY;
  request_.timeout_ms = 10'000;
  request_.max_response_bytes = 64U << 20U;
  request_.proxy = "direct";  // it is on this host
  request_.ca_file = peer.ca_file;
}

Answer Api::put(const Call& call, const std::string& path, const std::string& body) const {
  const auto response = perform(call, "PUT", path, body);
  if (is_unknown(response)) return Answer::unknown;
  if (meaning_of(response.status) == SHOAL_OK) return Answer::done;
  throw failure_of("PUT " + path, response);
}

std::string Api::get(const Call& call, const std::string& path) const {
  auto response = perform(call, "GET", path, {});
  if (meaning_of(response.status) == SHOAL_OK) return std::move(response.body);
  throw failure_of("GET " + path, response);
}

HttpResponse Api::perform(const Call& call, const std::string& method, const std::string& path,
                          const std::string& body) const {
  auto request = request_;
  request.method = method;
  request.url = base_ + path;
  request.body = body;
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  return call.http(request);
}

}  // namespace shoal::consul
