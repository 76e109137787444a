#include "url.h"

#include <algorithm>

namespace shoal::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view without_query(std::string_view path) {
  return path.substr(0, path.find('?'));
}

// "//host/path", or what begins with a scheme of its own.
bool is_absolute(std::string_view location) {
  if (location.substr(0, 2) == "//") return true;
  const auto colon = location.find(':');
  return colon != std::string_view::npos && colon < location.find_first_of("/?#");
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos) return std::nullopt;
  Url url;
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                 std::back_inserter(url.scheme), lower);
  auto rest = text.substr(end + 3);
  rest = rest.substr(0, rest.find('#'));
  if (url.scheme == "unix") {
    const auto colon = std::min(rest.find(":/"), rest.size());
    url.authority = rest.substr(0, colon);
    url.path = colon < rest.size() ? std::string(rest.substr(colon + 1)) : "/";
    return url;
  }
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  const auto path = std::min(rest.find_first_of("/?"), rest.size());
  auto authority = rest.substr(0, path);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    url.credentials = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  url.authority = authority;
  url.path = (rest.substr(path, 1) == "/" ? "" : "/") + std::string(rest.substr(path));
  return url;
}

std::string to_text(const Url& url) {
  const auto credentials = url.credentials.empty() ? "" : url.credentials + "@";
  return url.scheme + "://" + credentials + url.authority + (url.scheme == "unix" ? ":" : "") +
         url.path;
}

std::string to_shown_text(const Url& url) {
  return to_text({url.scheme, "", url.authority, std::string(without_query(url.path))});
}

std::optional<Url> follow(const Url& base, std::string_view location) {
  location = location.substr(0, location.find('#'));
  if (is_absolute(location)) {
    const bool has_scheme = location.front() != '/';
    auto url =
        parse_url(has_scheme ? std::string(location) : base.scheme + ":" + std::string(location));
    if (url && url->is_same_origin(base)) url->credentials = base.credentials;
    return url;
  }
  Url url = base;
  const auto path = without_query(base.path);
  if (location.substr(0, 1) == "/") {
    url.path = location;
  } else if (location.empty() || location.front() == '?') {
    url.path = std::string(path) + std::string(location);
  } else {
    url.path = std::string(path.substr(0, path.rfind('/') + 1)) + std::string(location);
  }
  return url;
}

}  // namespace shoal::http
