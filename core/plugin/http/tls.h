// TLS lives in a shared object of its own, shoal-tls.so, which is loaded when the first https
// address is met: an agent that speaks plain HTTP never pays OpenSSL's memory.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/unique_fd.h"
#include "plugin/http/channel.h"

namespace shoal::plugin {

struct TlsPeer {
  std::string host;     // the name or address that the certificate must be for
  std::string ca_file;  // PEM file of trusted roots; empty: the system's
  bool is_verified = true;
};

// What the shared object exports as "shoal_tls_open": a channel over `fd`, which it then owns. On
// failure (a ca_file that cannot be read) nullptr, with the reason in `fault`; `fd` is closed.
using TlsOpen = Channel* (*)(int fd, const TlsPeer& peer, std::string& fault);

// Thread-safe.
class TlsModule {
 public:
  explicit TlsModule(std::string file) : file_(std::move(file)) {}

  // Loads the shared object if this is the first call. Throws HttpFailure.
  std::unique_ptr<Channel> open(UniqueFd fd, const TlsPeer& peer);

 private:
  TlsOpen load();

  std::string file_;
  std::mutex mutex_;
  TlsOpen open_ = nullptr;  // guarded by mutex_; never unloaded
};

}  // namespace shoal::plugin
