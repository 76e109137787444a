#include "conformance/http_checks.h"

#include <algorithm>

namespace shoal::conformance {
namespace {

constexpr std::uint32_t known_flags = SHOAL_HTTP_NO_KEEP_ALIVE | SHOAL_HTTP_NO_VERIFY;

// Secrets belong into requests, so texts of a request are not searched for them.
bool is_text(Trial& trial, shoal_text text, std::string_view what) {
  if (text.data == nullptr) trial.find(Rule::text_null, "{} of a request has data NULL", what);
  return text.data != nullptr;
}

void check_target(Trial& trial, const shoal_http_request& request) {
  if (!is_text(trial, request.method, "the method") || !is_text(trial, request.url, "the URL")) {
    return;
  }
  const std::string_view method(request.method.data, request.method.size);
  const std::string_view url(request.url.data, request.url.size);
  const bool is_word = !method.empty() && std::all_of(method.begin(), method.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == '-';
  });
  if (!is_word) trial.find(Rule::http_request, "a request has the method \"{}\"", method);
  if (!url.starts_with("http://") && !url.starts_with("https://") && !url.starts_with("unix://")) {
    trial.find(Rule::http_request, "a request has the URL \"{}\"", url.substr(0, 60));
  }
}

void check_headers(Trial& trial, const shoal_array& headers) {
  if (headers.count == 0) return;
  if (headers.data == nullptr || headers.stride < sizeof(shoal_label)) {
    trial.find(Rule::http_request, "{} headers with data {} and stride {}", headers.count,
               headers.data == nullptr ? "NULL" : "set", headers.stride);
    return;
  }
  for (std::uint32_t i = 0; i < headers.count; ++i) {
    const auto* header = SHOAL_AT(shoal_label, headers, i);
    if (!is_text(trial, header->key, "a header's name")) return;
    if (!is_text(trial, header->value, "a header's value")) return;
    const std::string_view key(header->key.data, header->key.size);
    const std::string_view value(header->value.data, header->value.size);
    if (key.empty() || key.find_first_of("\r\n: ") != std::string_view::npos ||
        value.find_first_of("\r\n") != std::string_view::npos) {
      trial.find(Rule::http_request, "a request has the header \"{}\"", key.substr(0, 60));
    }
    if (strcasecmp(std::string(key).c_str(), "Host") == 0 ||
        strcasecmp(std::string(key).c_str(), "Content-Length") == 0) {
      trial.find(Rule::http_request, "a request sets {}, which is the host's", key);
    }
  }
}

}  // namespace

bool is_proper_request(Context& context, const shoal_http_request* request,
                       shoal_receive_response receive) {
  Trial& trial = context.trial();
  if (request == nullptr || receive == nullptr) {
    trial.find(Rule::http_request, "request() was given {} NULL",
               request == nullptr ? "a request of" : "a receive of");
    return false;
  }
  if (!SHOAL_HAS(request, shoal_http_request, url)) {
    trial.find(Rule::http_request, "request() was given size {}, expected {}", request->size,
               sizeof(shoal_http_request));
    return false;
  }
  if ((request->flags & ~known_flags) != 0) {
    trial.find(Rule::http_request, "a request has the flags {:#x}", request->flags);
  }
  check_target(trial, *request);
  if (!SHOAL_HAS(request, shoal_http_request, ca_file)) {
    trial.find(Rule::http_request, "request() was given size {}, expected {}", request->size,
               sizeof(shoal_http_request));
    return true;
  }
  check_headers(trial, request->headers);
  is_text(trial, request->body, "the body");
  is_text(trial, request->proxy, "the proxy");
  is_text(trial, request->ca_file, "the CA file");
  return true;
}

}  // namespace shoal::conformance
