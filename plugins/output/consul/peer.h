// Where Consul listens and who we are to it: as the options say, else as the environment of
// Consul's own clients does. Reads the environment and the file of a token; knows no HTTP.
#pragma once

#include <functional>
#include <string>

#include <shoal/plugin.hpp>

namespace shoal::consul {

// The options address, token, ca_file and verify; empty where they say nothing.
struct PeerOptions {
  std::string address;
  std::string token;
  std::string ca_file;
  bool is_verified = true;
};
PeerOptions peer_options(const Options& options);

struct Peer {
  std::string base;     // what "/v1/..." is put behind to make a URL
  std::string token;    // empty: Consul's own default token
  std::string ca_file;  // empty: the system's
  bool is_verified = true;
};

// The value of a variable; empty if it is not set.
using Environment = std::function<std::string(const char* name)>;
std::string from_process(const char* name);

// Throws Failure for what cannot be read.
Peer find_peer(const PeerOptions& options, const Environment& environment);

// "127.0.0.1:8500", "http://...", "https://..." and "unix:///path" as Consul's clients take them.
std::string base_of(const std::string& address, bool is_tls);

}  // namespace shoal::consul
