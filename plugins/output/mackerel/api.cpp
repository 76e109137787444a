#include "api.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "payload.h"

namespace shoal::mackerel {
namespace {

using nlohmann::json;

// "https://host:port" of a URL; Mackerel's paths are always below it.
std::string without_path(std::string_view url) {
  const auto scheme_end = url.find("://");
  if (!url.starts_with("http") || scheme_end == std::string_view::npos) {
    throw Failure("apibase: expected a URL such as https://api.mackerelio.com, got \"" +
                      std::string(url) + "\"",
                  SHOAL_CONFIG);
  }
  return std::string(url.substr(0, url.find_first_of("/?#", scheme_end + 3)));
}

// What the API says is wrong: {"error": {"message": "..."}} or {"error": "..."}.
std::string message_in(const std::string& body) {
  constexpr std::size_t longest = 200;
  const auto answer = json::parse(body, nullptr, false);
  if (!answer.is_object() || !answer.contains("error")) return {};
  const auto& error = answer["error"];
  const auto& message = error.is_object() && error.contains("message") ? error["message"] : error;
  return message.is_string() ? ": " + message.get<std::string>().substr(0, longest) : "";
}

// Only what a person can act on.
std::string advice_for(int http_status) {
  switch (http_status) {
    case 401:
      return "; check apikey";
    case 403:
      return "; check that apikey may read and write, and from this address";
    default:
      return {};
  }
}

}  // namespace

shoal_status meaning_of(int http_status) {
  switch (http_status) {
    case 401:
    case 403:
    case 404:
      return SHOAL_AUTH;
    case 408:
    case 429:
      return SHOAL_RETRY;
    default:
      break;
  }
  if (http_status >= 200 && http_status < 300) return SHOAL_OK;
  return http_status >= 400 && http_status < 500 ? SHOAL_REJECTED : SHOAL_RETRY;
}

Api::Api(const Options& options)
    : base_(without_path(options.text("/apibase", "https://api.mackerelio.com"))) {
  const auto key = options.text("/apikey");
  if (key.empty()) throw Failure("apikey: expected a Mackerel API key, found none", SHOAL_CONFIG);
  request_.headers = {{"User-Agent", agent_name()},
                      {"X-Agent-Version", std::string(agent_version())},
                      {"X-Api-Key", key},
                      {"X-Revision", std::string(agent_revision())}};
  request_.flags = options.boolean("/keep_alive", true) ? 0 : SHOAL_HTTP_NO_KEEP_ALIVE;
  request_.timeout_ms = 30'000;
  request_.proxy = options.text("/proxy");
  request_.ca_file = options.text("/ca_file");
}

std::string Api::get(const Call& call, const std::string& path) const {
  return perform(call, "GET", path, {});
}

std::string Api::post(const Call& call, const std::string& path, std::string body) const {
  return perform(call, "POST", path, std::move(body));
}

std::string Api::put(const Call& call, const std::string& path, std::string body) const {
  return perform(call, "PUT", path, std::move(body));
}

std::string Api::perform(const Call& call, std::string method, const std::string& path,
                         std::string body) const {
  auto request = request_;
  const auto what = method + " " + path.substr(0, path.find('?'));
  request.url = base_ + path;
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.method = std::move(method);
  request.body = std::move(body);

  auto response = call.http(request);
  const auto meaning = meaning_of(response.status);
  if (meaning != SHOAL_OK) {
    throw ApiFailure(what + ": HTTP " + std::to_string(response.status) +
                         message_in(response.body) + advice_for(response.status),
                     meaning, response.status, response.retry_after_ms);
  }
  // Something in between may answer in the API's name; what it was sent would be lost.
  if (!json::accept(response.body)) {
    throw ApiFailure(what + ": HTTP " + std::to_string(response.status) +
                         ", but the answer is not JSON; check apibase and proxy",
                     SHOAL_RETRY, response.status, response.retry_after_ms);
  }
  return std::move(response.body);
}

}  // namespace shoal::mackerel
