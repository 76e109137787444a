// TLS 1.2 or newer over a Connection, with OpenSSL: the peer is verified unless that is said
// otherwise. The process ignores SIGPIPE, as the agent does. A TlsContext belongs to one instance;
// neither class is thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/net/certificate.h"
#include "common/net/connection.h"

struct ssl_ctx_st;
struct ssl_st;

namespace shoal {
class Options;
}

namespace shoal::common {

struct TlsSettings {
  bool verifies = true;   // false: who the peer is does not matter
  std::string ca_file;    // PEM; empty: the system's roots
  std::string cert_file;  // PEM, of our own; empty: none
  std::string key_file;   // PEM; empty: it is in cert_file
};

// The options "check_certificate" (true), "ca_file", "cert_file" and "key_file".
TlsSettings tls_options(const Options& options);

class Tls : public Layer {
 public:
  Tls(ssl_ctx_st* context, const std::string& host, bool verifies);
  ~Tls() override;

  Transfer agree(int fd) override;
  Transfer read(char* data, std::size_t size) override;
  Transfer write(std::string_view text) override;

  // After the handshake: what the peer presented, its own first, and why the chain does not hold
  // for the host; empty if it does.
  std::vector<Certificate> presented() const;
  std::string verification_fault() const;

 private:
  Transfer step(int result);

  std::unique_ptr<ssl_st, void (*)(ssl_st*)> session_;
  bool verifies_;
};

class TlsContext {
 public:
  // Throws Failure (SHOAL_CONFIG) that names the option and the file that cannot be used.
  explicit TlsContext(TlsSettings settings);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // For one connection to `host`, a name or address: asked for by name (SNI), and what its
  // certificate must be for. Throws Failure when no certificate can be for it.
  std::unique_ptr<Tls> layer(const std::string& host);

 private:
  TlsSettings settings_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;  // null until it is needed
};

// Of tls_options where TLS `is_on`. Throws Failure (SHOAL_CONFIG) when one of their files is named
// where it is not; `switches` are the options that turn it on.
std::optional<TlsContext> tls_context(const Options& options, bool is_on,
                                      const std::string& switches);

}  // namespace shoal::common
