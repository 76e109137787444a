#include "plugin/http/writer.h"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "plugin/http/failure.h"
#include "plugin/http/reader.h"

namespace shoal::plugin {
namespace {

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto group = bytes.substr(i, 3);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= group.size() ? digits[bits >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

void add_credentials(std::string& head, std::string_view name, const HttpTarget& target) {
  if (!target.credentials.empty()) add(head, name, "Basic " + base64(target.credentials));
}

bool names_host(const HttpRequest& request) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [](const auto& header) { return is_same_name(header.first, "host"); });
}

bool expects_length(const HttpRequest& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

}  // namespace

void check_request(const HttpRequest& request) {
  if (!is_token(request.method)) throw HttpFailure(CallStatus::config, "the method is not a word");
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) throw HttpFailure(CallStatus::config, "a header's name is not a word");
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      throw HttpFailure(CallStatus::config, fmt::format("header {}: expected one line", name));
    }
  }
}

std::string request_head(const HttpRequest& request, const HttpTarget& target,
                         const HttpTarget* proxy) {
  const std::string place = proxy == nullptr ? "" : "http://" + target.authority();
  std::string head = fmt::format("{} {}{} HTTP/1.1\r\n", request.method, place, target.path);
  // A check asks one server for the site of another name.
  if (!names_host(request)) add(head, "Host", target.authority());
  for (const auto& [name, value] : request.headers) add(head, name, value);
  add_credentials(head, "Authorization", target);
  if (proxy != nullptr) add_credentials(head, "Proxy-Authorization", *proxy);
  if (expects_length(request)) add(head, "Content-Length", std::to_string(request.body.size()));
  if (!request.keep_alive) add(head, "Connection", "close");
  return head + "\r\n";
}

std::string tunnel_head(const HttpTarget& target, const HttpTarget& proxy) {
  std::string head = fmt::format("CONNECT {} HTTP/1.1\r\n", target.address());
  add(head, "Host", target.address());
  add_credentials(head, "Proxy-Authorization", proxy);
  return head + "\r\n";
}

}  // namespace shoal::plugin
