// The other end of TLS in a test: certificates made on the spot, and a session over a connection of
// a LoopbackServer. Not thread-safe; credentials may be shared once they are made.
#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace shoal::test {

// A certificate with its key.
class Credentials {
 public:
  struct Wish {
    std::string common_name;
    std::string alternative_names;  // "DNS:example.test,IP:127.0.0.1"
    long ends_in_seconds = 90L * 86400;
    const Credentials* issuer = nullptr;  // NULL: signs itself
    bool is_authority = false;
  };

  explicit Credentials(const Wish& wish)
      : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
    static long serial = 1;
    X509* const made = certificate_.get();
    const Credentials& issuer = wish.issuer == nullptr ? *this : *wish.issuer;
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made), -100L * 86400);
    X509_gmtime_adj(X509_getm_notAfter(made), wish.ends_in_seconds);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(issuer.certificate_.get()));
    X509_set_pubkey(made, key_.get());
    add(NID_basic_constraints, wish.is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!wish.alternative_names.empty()) add(NID_subject_alt_name, wish.alternative_names);
    if (X509_sign(made, issuer.key_.get(), EVP_sha256()) == 0) {
      throw std::runtime_error("cannot sign a certificate");
    }
  }

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }
  void write_certificate(const std::string& path) const {
    const Bio file(BIO_new_file(path.c_str(), "w"), &BIO_free);
    PEM_write_bio_X509(file.get(), certificate());
  }
  // A passphrase encrypts it.
  void write_key(const std::string& path, const char* passphrase = nullptr) const {
    const Bio file(BIO_new_file(path.c_str(), "w"), &BIO_free);
    PEM_write_bio_PKCS8PrivateKey(file.get(), key(),
                                  passphrase == nullptr ? nullptr : EVP_aes_256_cbc(), nullptr, 0,
                                  nullptr, const_cast<char*>(passphrase));
  }

 private:
  using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

  void add(int nid, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()), &X509_EXTENSION_free);
    X509_add_ext(certificate_.get(), extension.get(), -1);
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

// The server's end of one connection. What fails is seen at the client.
class TlsPeer {
 public:
  // `more`: presented behind the own certificate.
  TlsPeer(int fd, const Credentials& own, const std::vector<const Credentials*>& more = {},
          const Credentials* client_authority = nullptr)
      : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free), session_(nullptr, &SSL_free) {
    SSL_CTX_use_certificate(context_.get(), own.certificate());
    SSL_CTX_use_PrivateKey(context_.get(), own.key());
    for (const auto* one : more) SSL_CTX_add1_chain_cert(context_.get(), one->certificate());
    if (client_authority != nullptr) {
      SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                         nullptr);
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), client_authority->certificate());
    }
    session_.reset(SSL_new(context_.get()));
    SSL_set_fd(session_.get(), fd);
    is_agreed_ = SSL_accept(session_.get()) == 1;
  }

  bool is_agreed() const { return is_agreed_; }
  // By which name the client asked; empty: by none.
  std::string asked_for() const {
    const char* name = SSL_get_servername(session_.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
  }
  void say(std::string_view text) {
    SSL_write(session_.get(), text.data(), static_cast<int>(text.size()));
  }
  std::string hear() {
    std::array<char, 4096> chunk{};
    const int got = SSL_read(session_.get(), chunk.data(), chunk.size());
    return {chunk.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }
  void hold() {
    while (!hear().empty()) {
    }
  }
  void close() { SSL_shutdown(session_.get()); }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> session_;
  bool is_agreed_ = false;
};

}  // namespace shoal::test
