#include "connection_string.h"

#include <string_view>
#include <utility>
#include <vector>

namespace shoal::postgresql {
namespace {

// No file can be there, and libpq takes that for "none" without a word.
constexpr const char* no_file = "/dev/null/none";

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

std::string sslmode_of(const Settings& settings, bool is_on_this_host) {
  if (settings.sslmode != "auto") return settings.sslmode;
  return is_on_this_host ? "prefer" : "verify-full";
}

}  // namespace

bool is_verified(const Settings& settings, bool is_on_this_host) {
  const auto sslmode = sslmode_of(settings, is_on_this_host);
  return sslmode.starts_with("verify") || (sslmode == "require" && settings.is_ca_given);
}

SocketPlace socket_place(const std::string& socket, const std::string& port) {
  constexpr std::string_view name = "/.s.PGSQL.";
  const auto begin = socket.rfind(name);
  if (begin == std::string::npos) return {socket, port};
  const auto number = socket.substr(begin + name.size());
  const bool is_port = !number.empty() && number.size() <= 5 &&
                       number.find_first_not_of("0123456789") == std::string::npos;
  if (!is_port) return {socket, port};
  return {begin == 0 ? "/" : socket.substr(0, begin), number};
}

std::string connection_string(const Settings& settings, const std::string& address,
                              bool is_on_this_host) {
  const auto sslmode = sslmode_of(settings, is_on_this_host);
  // Where the name is not needed it stays away: a server could make libpq look it up for Kerberos.
  const auto host = address.empty()            ? settings.directory
                    : sslmode == "verify-full" ? settings.host
                                               : address;
  const std::vector<std::pair<const char*, std::string>> all{
      {"host", host},
      {"hostaddr", address},
      {"port", settings.port},
      {"user", settings.user},
      {"password", settings.password},
      {"passfile", no_file},
      {"dbname", settings.database},
      {"application_name", "shoal"},
      {"client_encoding", ""},
      {"options", ""},
      {"connect_timeout", ""},
      {"target_session_attrs", "any"},
      {"requirepeer", ""},
      {"channel_binding", "prefer"},
      {"gssencmode", "disable"},
      {"krbsrvname", "postgres"},
      {"gsslib", ""},
      {"sslmode", sslmode},
      {"sslrootcert", is_verified(settings, is_on_this_host) ? settings.ca_file : no_file},
      {"sslcert", no_file},
      {"sslkey", no_file},
      {"sslcrl", no_file},
      {"sslcrldir", ""},
      {"sslcompression", "0"},
      {"sslsni", "1"},
      {"ssl_min_protocol_version", "TLSv1.2"},
      {"ssl_max_protocol_version", ""}};
  std::string text;
  for (const auto& [key, value] : all) text += std::string(key) + "='" + escaped(value) + "' ";
  return text;
}

}  // namespace shoal::postgresql
