#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/percent.h"
#include "common/thresholds.h"
#include "exchange.h"
#include "url.h"
#include "verdicts.h"

SHOAL_MANIFEST(R"({
  "id": "http",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether an HTTP request is answered as expected",
  "needs": ["shoal.http/1"],
  "options": {
    "url": {"type": "string", "required": true, "pattern": "^(?i)(https?|unix)://[^ ]+$", "description": "http://, https:// or unix:///path/to.sock:/request/path"},
    "method": {"type": "string", "default": "GET", "enum": ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"], "description": "of the request"},
    "body": {"type": "string", "default": "", "description": "of the request"},
    "headers": {"type": "array", "items": {"type": "string", "pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*$"}, "default": [], "description": "further headers, \"Name: value\""},
    "user": {"type": "string", "x-secret": true, "pattern": "^[^:]*:", "description": "\"name:password\" for basic authentication"},
    "status": {"type": "array", "items": {"type": "string", "pattern": "^[1-9][0-9]{2}(-[1-9][0-9]{2})?=(ok|warning|critical|unknown)$"}, "default": [], "description": "what status codes are worth: \"404=ok\", \"500-599=warning\"; the first that fits counts"},
    "pattern": {"type": "string", "format": "regex", "default": "", "description": "CRITICAL unless this regular expression is found in the body"},
    "bytes": {"type": "integer", "x-unit": "bytes", "description": "CRITICAL unless the body has exactly this size"},
    "min_bytes": {"type": "integer", "x-unit": "bytes", "default": 0, "description": "CRITICAL if the body is smaller"},
    "max_bytes": {"type": "integer", "x-unit": "bytes", "default": "1MiB", "minimum": 1, "maximum": "64MiB", "description": "CRITICAL if the body is larger; it is not read further"},
    "max_redirects": {"type": "integer", "default": 10, "minimum": 0, "maximum": 50, "description": "follow so many; then the redirect itself is judged"},
    "warning": {"type": "string", "format": "threshold", "description": "over this many seconds in all: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "description": "over this many seconds: CRITICAL; or a range"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "check_certificate": {"type": "boolean", "default": true, "description": "verify the server's certificate"},
    "ca_file": {"type": "string", "default": "", "description": "PEM file of trusted roots; empty: the system's"},
    "proxy": {"type": "string", "default": "", "description": "http://[user:password@]host:port, or \"direct\"; empty: as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say"}
  },
  "series": [
    {"name": "http.*.seconds", "kind": "gauge", "unit": "seconds", "description": "from the request to the whole answer, redirects included"},
    {"name": "http.*.bytes", "kind": "gauge", "unit": "bytes", "description": "of the body"}
  ]
})");

namespace {

using shoal::common::worse_of;
using shoal::http::Exchange;
using shoal::http::Url;

Url url_option(const shoal::Options& options) {
  const auto text = options.text("/url");
  auto url = shoal::http::parse_url(text);
  if (!url) {
    throw shoal::Failure(
        "option url: expected http://, https:// or unix://, found \"" + text + "\"", SHOAL_CONFIG);
  }
  const auto user = options.text("/user");
  if (user.empty()) return *url;
  const auto colon = std::min(user.find(':'), user.size());
  url->credentials = shoal::common::percent_encoded(user.substr(0, colon)) + ":" +
                     shoal::common::percent_encoded(user.substr(std::min(colon + 1, user.size())));
  return *url;
}

std::vector<std::pair<std::string, std::string>> headers_option(const shoal::Options& options) {
  std::vector<std::pair<std::string, std::string>> headers{{"User-Agent", "shoal-check-http"}};
  for (const auto& line : options.texts("/headers")) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) {
      throw shoal::Failure("option headers: expected \"Name: value\", found \"" + line + "\"",
                           SHOAL_CONFIG);
    }
    const auto value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
    if (line.substr(0, colon) == "User-Agent") headers.erase(headers.begin());
    headers.emplace_back(line.substr(0, colon), line.substr(value));
  }
  return headers;
}

std::vector<shoal::http::StatusRule> status_option(const shoal::Options& options) {
  std::vector<shoal::http::StatusRule> rules;
  for (const auto& text : options.texts("/status")) {
    const auto rule = shoal::http::parse_status_rule(text);
    if (!rule) {
      throw shoal::Failure(
          "option status: expected \"404=ok\" or \"500-599=warning\", found \"" + text + "\"",
          SHOAL_CONFIG);
    }
    rules.push_back(*rule);
  }
  return rules;
}

shoal::HttpRequest request_option(const shoal::Options& options) {
  shoal::HttpRequest request;
  request.method = options.text("/method", "GET");
  request.headers = headers_option(options);
  request.body = options.text("/body");
  // A kept connection would hide that no new one is taken.
  request.flags = SHOAL_HTTP_NO_KEEP_ALIVE;
  if (!options.boolean("/check_certificate", true)) request.flags |= SHOAL_HTTP_NO_VERIFY;
  request.max_response_bytes = static_cast<std::uint32_t>(options.integer("/max_bytes"));
  request.proxy = options.text("/proxy");
  request.ca_file = options.text("/ca_file");
  return request;
}

bool is_redirect(int code) {
  return code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
}

// As browsers do it: only 307 and 308 say the same again elsewhere.
void redirect(shoal::HttpRequest& request, int code) {
  if (code == 307 || code == 308 || request.method == "HEAD") return;
  request.method = "GET";
  request.body.clear();
}

// What one server was told is not for another.
void forget_secrets(shoal::HttpRequest& request) {
  constexpr std::array<std::string_view, 3> secret{"authorization", "cookie", "host"};
  std::erase_if(request.headers, [&](const auto& header) {
    auto name = header.first;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::find(secret.begin(), secret.end(), name) != secret.end();
  });
}

class Http : public shoal::Check {
 public:
  explicit Http(shoal::Context& context)
      : url_(url_option(context.options())),
        request_(request_option(context.options())),
        status_rules_(status_option(context.options())),
        body_rules_(context.options()),
        most_redirects_(context.options().integer("/max_redirects", 10)),
        thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::over)),
        timeout_(context.options().integer("/timeout", 10'000)) {
    if (request_.method == "HEAD" && body_rules_.has_pattern()) {
      throw shoal::Failure("option pattern: expected none, for HEAD brings no body", SHOAL_CONFIG);
    }
    const auto prefix = shoal::common::check_prefix("http", context);
    seconds_ = context.gauge(prefix + ".seconds", "seconds");
    bytes_ = context.gauge(prefix + ".bytes", "bytes");
  }

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto began = Clock::now();
    Url url = url_;
    const auto exchange = ask(round, url);
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    if (exchange.status != SHOAL_OK) return unanswered(exchange, url);

    round.emit(seconds_, seconds);
    round.emit(bytes_, static_cast<double>(exchange.response.body.size()));
    return judge(exchange.response, url, seconds);
  }

 private:
  using Clock = std::chrono::steady_clock;

  // Follows redirects; `url` is the last that was asked.
  Exchange ask(const shoal::Call& call, Url& url) const {
    const shoal::common::Deadline deadline(call, timeout_);
    auto request = request_;
    for (std::int64_t followed = 0;; ++followed) {
      request.url = to_text(url);
      request.timeout_ms = static_cast<std::uint32_t>(
          std::max<std::int64_t>(std::chrono::milliseconds(deadline.left()).count(), 1));
      auto exchange = shoal::http::ask(call, request);
      const auto& response = exchange.response;
      if (!is_redirect(response.status) || followed == most_redirects_) return exchange;
      const auto location = shoal::http::header_of(response, "location");
      const auto next = shoal::http::follow(url, location);
      if (location.empty() || !next) return exchange;
      if (!next->is_same_origin(url)) forget_secrets(request);
      redirect(request, response.status);
      url = *next;
    }
  }

  // Nobody answers: that is a verdict. That nobody could be asked is none.
  static shoal::CheckVerdict unanswered(const Exchange& exchange, const Url& url) {
    if (exchange.status != SHOAL_RETRY && exchange.status != SHOAL_DEADLINE) {
      throw shoal::Failure(exchange.reason, exchange.status);
    }
    return {SHOAL_CHECK_CRITICAL, to_shown_text(url) + ": " + exchange.reason};
  }

  shoal::CheckVerdict judge(const shoal::HttpResponse& response, const Url& url,
                            double seconds) const {
    std::array<char, 80> figures{};
    std::snprintf(figures.data(), figures.size(), "HTTP %d, %zu bytes in %.3f s", response.status,
                  response.body.size(), seconds);
    auto text = to_shown_text(url) + ": " + figures.data();
    auto status = status_of(response.status, status_rules_);
    if (const auto fault = body_rules_.fault_of(response.body); !fault.empty()) {
      text += ", " + fault;
      status = SHOAL_CHECK_CRITICAL;
    }
    return {worse_of(status, thresholds_.status_of(seconds)), text};
  }

  Url url_;
  shoal::HttpRequest request_;
  std::vector<shoal::http::StatusRule> status_rules_;
  shoal::http::BodyRules body_rules_;
  std::int64_t most_redirects_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  shoal::Series seconds_;
  shoal::Series bytes_;
};

}  // namespace

SHOAL_PLUGIN(Http);
