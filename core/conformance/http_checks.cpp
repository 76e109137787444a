#include "conformance/http_checks.h"

#include <string>
#include <strings.h>

namespace shoal::conformance {
namespace {

constexpr std::uint32_t known_flags = SHOAL_HTTP_NO_KEEP_ALIVE | SHOAL_HTTP_NO_VERIFY;

// Secrets belong into requests, so texts of a request are not searched for them.
bool is_text(Trial& trial, shoal_text text, std::string_view what) {
  if (text.data == nullptr) trial.find(Rule::text_null, "{} of a request has data NULL", what);
  return text.data != nullptr;
}

// URLs come from options too: one that cannot be read is refused, as SHOAL_CONFIG.
bool check_target(Trial& trial, const shoal_http_request& request) {
  if (!is_text(trial, request.method, "the method") || !is_text(trial, request.url, "the URL")) {
    return true;
  }
  const std::string_view method(request.method.data, request.method.size);
  const std::string_view url(request.url.data, request.url.size);
  if (method.empty()) trial.find(Rule::http_request, "a request has no method");
  return url.starts_with("http://") || url.starts_with("https://") || url.starts_with("unix://");
}

void check_header_name(Trial& trial, const std::string& name) {
  if (name.empty() || name.find_first_of("\r\n: ") != std::string::npos) {
    trial.find(Rule::http_request, "a request has the header \"{}\"", name.substr(0, 60));
  }
  if (strcasecmp(name.c_str(), "Host") == 0 || strcasecmp(name.c_str(), "Content-Length") == 0) {
    trial.find(Rule::http_request, "a request sets {}, which is the host's", name);
  }
}

// A key with a line end in it, for example, comes from the options.
bool is_sendable(shoal_text value) {
  const std::string_view text(value.data, value.size);
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

bool check_headers(Trial& trial, const shoal_array& headers) {
  if (headers.count == 0) return true;
  if (headers.data == nullptr || headers.stride < sizeof(shoal_label)) {
    trial.find(Rule::http_request, "{} headers with data {} and stride {}", headers.count,
               headers.data == nullptr ? "NULL" : "set", headers.stride);
    return true;
  }
  bool are_sendable = true;
  for (std::uint32_t i = 0; i < headers.count; ++i) {
    const auto* header = SHOAL_AT(shoal_label, headers, i);
    if (!is_text(trial, header->key, "a header's name")) return true;
    if (!is_text(trial, header->value, "a header's value")) return true;
    check_header_name(trial, {header->key.data, header->key.size});
    are_sendable = are_sendable && is_sendable(header->value);
  }
  return are_sendable;
}

}  // namespace

RequestFault judge_request(Context& context, const shoal_http_request* request,
                           shoal_receive_response receive) {
  Trial& trial = context.trial();
  if (request == nullptr || receive == nullptr) {
    trial.find(Rule::http_request, "request() was given {} NULL",
               request == nullptr ? "a request of" : "a receive of");
    return RequestFault::unreadable;
  }
  if (!SHOAL_HAS(request, shoal_http_request, ca_file)) {
    trial.find(Rule::http_request, "request() was given size {}, expected {}", request->size,
               sizeof(shoal_http_request));
    return RequestFault::unreadable;
  }
  if (context.is_size_wrong(request->size, sizeof *request)) {
    trial.find(Rule::http_request, "request() was given size {}, expected {}", request->size,
               sizeof(shoal_http_request));
  }
  if ((request->flags & ~known_flags) != 0) {
    trial.find(Rule::http_request, "a request has the flags {:#x}", request->flags);
  }
  is_text(trial, request->body, "the body");
  is_text(trial, request->proxy, "the proxy");
  is_text(trial, request->ca_file, "the CA file");
  const bool is_target_good = check_target(trial, *request);
  const bool are_headers_good = check_headers(trial, request->headers);
  return is_target_good && are_headers_good ? RequestFault::none : RequestFault::refused;
}

}  // namespace shoal::conformance
