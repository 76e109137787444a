#include "common/net/tls.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <poll.h>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <shoal/plugin.hpp>

#include "common/net/readable_file.h"

namespace shoal::common {
namespace {

// The first is the one that says most; what follows tells who called whom.
std::string first_reason() {
  const unsigned long error = ERR_peek_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(error)) return std::generic_category().message(ERR_GET_REASON(error));
  const char* reason = ERR_reason_error_string(error);
  return reason == nullptr ? "unknown reason" : reason;
}

[[noreturn]] void refuse_alone(const char* option, const std::string& companion) {
  throw Failure(
      std::string("option ") + option + ": expected " + companion + " as well, found none",
      SHOAL_CONFIG);
}

bool is_numeric(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> unused{};
  return ::inet_pton(AF_INET, host.c_str(), unused.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), unused.data()) == 1;
}

// A host that cannot be expected would leave the certificate's name unjudged.
void expect_host(SSL* session, const std::string& host) {
  auto* const expected = SSL_get0_param(session);
  const bool is_address = is_numeric(host);
  const bool is_expected =
      is_address
          ? X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1
          : !host.empty() && X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1 &&
                SSL_set_tlsext_host_name(session, host.c_str()) == 1;
  if (!is_expected) throw Failure("cannot expect a certificate for \"" + host + "\"");
}

// There is nobody to ask.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

// Whether certificates lie there by the hash of their names ("4f316efb.0").
bool has_hashed_names(const std::string& folder) {
  std::error_code ignored;
  const std::filesystem::directory_iterator entries(folder, ignored);
  return std::any_of(begin(entries), end(entries),
                     [](const auto& entry) { return entry.path().extension() == ".0"; });
}

// From a folder OpenSSL reads what it needs; a bundle would cost each check a megabyte and its
// time.
void trust_system(SSL_CTX* context) {
  const char* const named = std::getenv(X509_get_default_cert_dir_env());
  const std::string folder = named == nullptr ? X509_get_default_cert_dir() : named;
  const bool is_file_named = std::getenv(X509_get_default_cert_file_env()) != nullptr;
  if (!is_file_named && has_hashed_names(folder)) {
    SSL_CTX_load_verify_dir(context, folder.c_str());
  } else {
    SSL_CTX_set_default_verify_paths(context);
  }
}

int as_int(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

using ContextOwner = std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)>;

ContextOwner context_of(const TlsSettings& settings) {
  ContextOwner owner(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  auto* const context = owner.get();
  if (context == nullptr) throw Failure("cannot begin TLS: " + first_reason());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Records without data, such as session tickets, must not keep a read from its deadline.
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  // The chain is judged in any case; what comes of it is decided after the handshake, when what the
  // peer presented can be told.
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_default_passwd_cb(context, &no_passphrase);
  ERR_clear_error();
  if (settings.ca_file.empty()) {
    trust_system(context);
  } else if (SSL_CTX_load_verify_locations(context, readable_file("ca_file", settings.ca_file),
                                           nullptr) != 1) {
    refuse_file("ca_file", settings.ca_file, first_reason());
  }
  if (settings.cert_file.empty()) return owner;
  if (SSL_CTX_use_certificate_chain_file(context, readable_file("cert_file", settings.cert_file)) !=
      1) {
    refuse_file("cert_file", settings.cert_file, first_reason());
  }
  const auto& key_file = settings.key_file.empty() ? settings.cert_file : settings.key_file;
  if (SSL_CTX_use_PrivateKey_file(context, readable_file("key_file", key_file), SSL_FILETYPE_PEM) !=
      1) {
    refuse_file("key_file", key_file, first_reason());
  }
  return owner;
}

}  // namespace

TlsSettings tls_options(const Options& options) {
  return {.verifies = options.boolean("/check_certificate", true),
          .ca_file = options.text("/ca_file"),
          .cert_file = options.text("/cert_file"),
          .key_file = options.text("/key_file")};
}

Tls::Tls(ssl_ctx_st* context, const std::string& host, bool verifies)
    : session_(SSL_new(context), &SSL_free), verifies_(verifies) {
  if (session_ == nullptr) throw Failure("cannot begin TLS: " + first_reason());
  expect_host(session_.get(), host);
}

Tls::~Tls() = default;

Transfer Tls::step(int result) {
  if (result > 0) return {static_cast<std::size_t>(result), 0, {}};
  const int system_error = errno;
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {0, POLLIN, {}};
    case SSL_ERROR_WANT_WRITE:
      return {0, POLLOUT, {}};
    case SSL_ERROR_ZERO_RETURN:
      return {};
    case SSL_ERROR_SYSCALL:
      if (ERR_peek_error() != 0) break;
      return {0, 0, "TLS: " + std::generic_category().message(system_error)};
    default:
      break;
  }
  return {0, 0, "TLS: " + first_reason()};
}

Transfer Tls::agree(int fd) {
  ERR_clear_error();
  if (SSL_get_fd(session_.get()) < 0) SSL_set_fd(session_.get(), fd);
  auto done = step(SSL_connect(session_.get()));
  const bool is_closed = done.bytes == 0 && done.wanted == 0 && done.fault.empty();
  if (is_closed) return {0, 0, "TLS: the peer closed the connection"};
  if (done.bytes == 0) return done;
  const auto fault = verifies_ ? verification_fault() : std::string();
  return {0, 0, fault.empty() ? fault : "certificate not accepted: " + fault};
}

Transfer Tls::read(char* data, std::size_t size) {
  ERR_clear_error();
  return step(SSL_read(session_.get(), data, as_int(size)));
}

Transfer Tls::write(std::string_view text) {
  ERR_clear_error();
  return step(SSL_write(session_.get(), text.data(), as_int(text.size())));
}

std::vector<Certificate> Tls::presented() const {
  std::vector<Certificate> all;
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(session_.get());
  for (int i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) {
    all.push_back(certificate_of(sk_X509_value(chain, i)));
  }
  return all;
}

std::string Tls::verification_fault() const {
  if (SSL_get0_peer_certificate(session_.get()) == nullptr) return "none was presented";
  const long result = SSL_get_verify_result(session_.get());
  return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

TlsContext::TlsContext(TlsSettings settings)
    : settings_(std::move(settings)), context_(nullptr, &SSL_CTX_free) {
  if (settings_.cert_file.empty() && !settings_.key_file.empty()) {
    refuse_alone("key_file", "cert_file");
  }
  // Wrong files are to be refused now; those that are not there without OpenSSL, which is slow to
  // begin. Without any file it can wait.
  for (const auto& [option, file] : {std::pair{"ca_file", &settings_.ca_file},
                                     {"cert_file", &settings_.cert_file},
                                     {"key_file", &settings_.key_file}}) {
    if (!file->empty()) readable_file(option, *file);
  }
  if (!settings_.ca_file.empty() || !settings_.cert_file.empty()) context_ = context_of(settings_);
}

TlsContext::~TlsContext() = default;

std::unique_ptr<Tls> TlsContext::layer(const std::string& host) {
  if (context_ == nullptr) context_ = context_of(settings_);
  return std::make_unique<Tls>(context_.get(), host, settings_.verifies);
}

std::optional<TlsContext> tls_context(const Options& options, bool is_on,
                                      const std::string& switches) {
  if (is_on) return std::optional<TlsContext>(std::in_place, tls_options(options));
  for (const char* const option : {"ca_file", "cert_file", "key_file"}) {
    if (!options.text(std::string("/").append(option)).empty()) refuse_alone(option, switches);
  }
  return std::nullopt;
}

}  // namespace shoal::common
