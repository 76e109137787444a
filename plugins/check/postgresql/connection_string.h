// What libpq is told of a connection. Every setting that libpq would else take from PG* variables
// or files of the user's home is given a value, so that nothing but the options counts. Pure
// function.
#pragma once

#include <string>

namespace shoal::postgresql {

struct Settings {
  std::string host;       // whose certificate is expected
  std::string port;       // also a part of a unix socket's name
  std::string directory;  // of the unix socket, in place of host; or empty
  std::string user;
  std::string password;
  std::string database;
  std::string sslmode;       // libpq's word, or "auto": verified, except on this host
  std::string ca_file;       // the system's, if none is given; or empty: it has none
  bool is_ca_given = false;  // then sslmode "require" verifies too, as libpq has it
};

// Whether the server must show a certificate of somebody who is trusted.
bool is_verified(const Settings& settings, bool is_on_this_host);

// The directory of a unix socket and the port in its name, where `socket` is the file itself
// ("/run/postgresql/.s.PGSQL.5433"); else as they are.
struct SocketPlace {
  std::string directory;
  std::string port;
};
SocketPlace socket_place(const std::string& socket, const std::string& port);

// `address`: a number, or empty for the unix socket.
std::string connection_string(const Settings& settings, const std::string& address,
                              bool is_on_this_host);

}  // namespace shoal::postgresql
