#include "peer.h"

#include <cstdlib>
#include <fstream>

#include "common/percent.h"

namespace shoal::consul {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string first_of(const std::string& a, const std::string& b) {
  return a.empty() ? b : a;
}

// As Go reads it.
bool is_true(const char* name, const std::string& value, bool fallback) {
  if (value.empty()) return fallback;
  for (const char* word : {"1", "t", "T", "true", "TRUE", "True"})
    if (value == word) return true;
  for (const char* word : {"0", "f", "F", "false", "FALSE", "False"})
    if (value == word) return false;
  throw Failure(std::string(name) + ": expected true or false, got \"" + value + "\"",
                SHOAL_CONFIG);
}

std::string token_in(const std::string& file) {
  std::ifstream stream(file);
  std::string token;
  if (!std::getline(stream, token)) {
    throw Failure("CONSUL_HTTP_TOKEN_FILE: " + file + ": cannot be read, or is empty",
                  SHOAL_CONFIG);
  }
  return token.substr(0, token.find_last_not_of(blanks) + 1);
}

std::string token_of(const PeerOptions& options, const Environment& environment) {
  if (!options.token.empty()) return options.token;
  if (const auto file = environment("CONSUL_HTTP_TOKEN_FILE"); !file.empty()) return token_in(file);
  return environment("CONSUL_HTTP_TOKEN");
}

// "user:password" goes before the host, where the http service looks for it.
std::string with_credentials(const std::string& base, const std::string& credentials) {
  if (credentials.empty() || base.starts_with("unix:")) return base;
  const auto colon = std::min(credentials.find(':'), credentials.size());
  const auto host = base.find("://") + 3;
  const auto password = credentials.substr(std::min(colon + 1, credentials.size()));
  return base.substr(0, host) + common::percent_encoded(credentials.substr(0, colon)) + ":" +
         common::percent_encoded(password) + "@" + base.substr(host);
}

}  // namespace

std::string from_process(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string base_of(const std::string& address, bool is_tls) {
  auto base = address;
  while (base.ends_with('/')) base.pop_back();
  if (base.starts_with("unix:///")) return base + ":";
  if (base.starts_with("http://") || base.starts_with("https://")) return base;
  if (base.empty() || base.find("://") != std::string::npos) {
    throw Failure(
        "address: expected HOST:PORT, http://, https:// or unix:///PATH, got \"" + address + "\"",
        SHOAL_CONFIG);
  }
  return (is_tls ? "https://" : "http://") + base;
}

PeerOptions peer_options(const Options& options) {
  return {options.text("/address"), options.text("/token"), options.text("/ca_file"),
          options.boolean("/verify", true)};
}

Peer find_peer(const PeerOptions& options, const Environment& environment) {
  const auto flag = [&](const char* name, bool fallback) {
    return is_true(name, environment(name), fallback);
  };
  const auto address = first_of(options.address, environment("CONSUL_HTTP_ADDR"));
  const auto base = base_of(first_of(address, "127.0.0.1:8500"), flag("CONSUL_HTTP_SSL", false));
  return {with_credentials(base, environment("CONSUL_HTTP_AUTH")), token_of(options, environment),
          first_of(options.ca_file, environment("CONSUL_CACERT")),
          options.is_verified && flag("CONSUL_HTTP_SSL_VERIFY", true)};
}

}  // namespace shoal::consul
