// A URL in its parts, and where a redirect leads. Knows http, https and unix URLs as the host's
// http service takes them. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace shoal::http {

struct Url {
  std::string scheme;       // "http", "https" or "unix"
  std::string credentials;  // "user:password", percent-encoded as it was written
  std::string authority;    // "host:port"; of a unix URL the socket's path
  std::string path;         // with the query: "/a?b=c"

  bool is_same_origin(const Url& other) const {
    return scheme == other.scheme && authority == other.authority;
  }
};

// Nothing for another scheme, or none.
std::optional<Url> parse_url(std::string_view text);

std::string to_text(const Url& url);

// Without what may be secret: credentials and query.
std::string to_shown_text(const Url& url);

// Where `location`, as a redirect gives it, leads from `base`; nothing if to another scheme.
// Credentials stay with the origin they were given for. Dots in a path are left to the server.
std::optional<Url> follow(const Url& base, std::string_view location);

}  // namespace shoal::http
