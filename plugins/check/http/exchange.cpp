#include "exchange.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

namespace shoal::http {
namespace {

// A failed request is told with status 0 and the reason as its body.
void SHOAL_CALL receive(void* user, const shoal_http_response* raw) {
  auto& response = *static_cast<HttpResponse*>(user);
  response.status = raw->status;
  for (std::uint32_t i = 0; i < raw->headers.count; ++i) {
    const auto* header = SHOAL_AT(shoal_label, raw->headers, i);
    response.headers.emplace_back(view(header->key), view(header->value));
  }
  response.body = view(raw->body);
}

const char* plain_reason(shoal_status status) {
  return status == SHOAL_DEADLINE ? "no answer in time" : "no answer";
}

bool is_same_name(const std::string& name, const std::string& lower_case) {
  return std::equal(name.begin(), name.end(), lower_case.begin(), lower_case.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

}  // namespace

Exchange ask(const Call& call, const HttpRequest& request) {
  const auto* service = static_cast<const shoal_http*>(call.context().service(SHOAL_SERVICE_HTTP));
  if (service == nullptr) throw Failure("this host has no http service", SHOAL_UNSUPPORTED);
  std::vector<shoal_label> headers;
  headers.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) headers.push_back({text(name), text(value)});
  const shoal_http_request raw{
      sizeof(shoal_http_request),
      request.flags,
      text(request.method),
      text(request.url),
      {headers.data(), static_cast<std::uint32_t>(headers.size()), sizeof(shoal_label)},
      text(request.body),
      request.timeout_ms,
      request.max_response_bytes,
      text(request.proxy),
      text(request.ca_file)};
  Exchange exchange;
  exchange.status =
      service->request(call.context().raw(), &call.raw(), &raw, &receive, &exchange.response);
  if (exchange.status == SHOAL_OK) return exchange;
  exchange.reason = std::exchange(exchange.response.body, {});
  if (exchange.reason.empty()) exchange.reason = plain_reason(exchange.status);
  return exchange;
}

std::string header_of(const HttpResponse& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (is_same_name(key, name)) return value;
  }
  return {};
}

}  // namespace shoal::http
