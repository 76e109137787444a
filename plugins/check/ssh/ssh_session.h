// SSH over a Connection, by libssh2: key exchange and login, within the deadline and with a bound
// on what the server may send. Knows nothing of the SDK. Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/net/connection.h"

namespace shoal::ssh {

struct Login {
  std::string user;
  std::string password;
  std::string key_file;  // in place of a password
  std::string passphrase;
};

class SshSession {
 public:
  SshSession(const common::Connection& connection, const common::Deadline& deadline);
  SshSession(const SshSession&) = delete;
  SshSession& operator=(const SshSession&) = delete;
  ~SshSession();

  // Anything but good: fault() says why.
  common::Result shake_hands();
  // Impossible: the key cannot be used.
  common::Result log_in(const Login& login);

  // After the handshake: "SSH-2.0-OpenSSH_9.2p1", "SHA256:..." as ssh-keygen has it.
  std::string banner() const;
  std::string fingerprint() const;
  const std::string& fault() const { return fault_; }

 private:
  // The library's session and what is lent to it.
  struct Library;

  common::Result complete(const std::string& what, const std::function<int()>& step);
  common::Result failed(const std::string& what, int code);

  int fd_;
  const common::Deadline& deadline_;
  std::unique_ptr<Library> library_;
  std::string fault_;
};

}  // namespace shoal::ssh
