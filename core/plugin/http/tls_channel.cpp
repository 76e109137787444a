// shoal-tls.so: TLS over a connected socket, by OpenSSL. Everything the handshake must hold to is
// set before it begins, so that there is no moment at which a connection exists and is not checked.
#include <algorithm>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <memory>
#include <system_error>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include "plugin/http/channel.h"
#include "plugin/http/tls.h"

namespace shoal::plugin {
namespace {

using Step = ChannelStep::Kind;

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;
using Session = std::unique_ptr<SSL, Free>;

// The first of OpenSSL's complaints, which names the cause.
std::string openssl_fault(const std::string& otherwise) {
  const auto code = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? otherwise : reason;
}

// ---- a BIO over a socket that never raises SIGPIPE ---------------------------------------------

int bio_result(BIO* bio, ssize_t count, void (*set_retry)(BIO*)) {
  BIO_clear_retry_flags(bio);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) set_retry(bio);
  if (count == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(count);
}

int bio_fd(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int bio_write(BIO* bio, const char* data, int size) {
  const auto count = ::send(bio_fd(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  return bio_result(bio, count, [](BIO* it) { BIO_set_retry_write(it); });
}

int bio_read(BIO* bio, char* data, int size) {
  const auto count = ::recv(bio_fd(bio), data, static_cast<std::size_t>(size), 0);
  return bio_result(bio, count, [](BIO* it) { BIO_set_retry_read(it); });
}

long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return command == BIO_CTRL_FLUSH;
}

BIO_METHOD* bio_method() {
  static const std::unique_ptr<BIO_METHOD, Free> method = [] {
    std::unique_ptr<BIO_METHOD, Free> made(
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "shoal socket"));
    BIO_meth_set_write(made.get(), &bio_write);
    BIO_meth_set_read(made.get(), &bio_read);
    BIO_meth_set_ctrl(made.get(), &bio_control);
    return made;
  }();
  return method.get();
}

BIO* make_bio(int fd) {
  BIO* bio = BIO_new(bio_method());
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

// ---- what is trusted ---------------------------------------------------------------------------

// Whether `folder` is laid out for lookups by hash ("4f316efb.0").
bool has_hashed_names(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::directory_iterator entries(folder, ignored);
  return std::any_of(begin(entries), end(entries),
                     [](const auto& entry) { return entry.path().extension() == ".0"; });
}

// The folder is read one certificate at a time; a bundle costs a megabyte for good.
bool trust_system(SSL_CTX* context) {
  const char* named = std::getenv(X509_get_default_cert_dir_env());
  const std::string folder = named != nullptr ? named : X509_get_default_cert_dir();
  if (has_hashed_names(folder)) return SSL_CTX_load_verify_dir(context, folder.c_str()) == 1;
  return SSL_CTX_set_default_verify_paths(context) == 1;
}

Context make_context(const TlsPeer& peer, std::string& fault) {
  Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // A server's endless session tickets would keep a read from its deadline.
  SSL_CTX_clear_mode(context.get(), SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_verify(context.get(), peer.is_verified ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  const bool is_trusting = peer.ca_file.empty()
                               ? trust_system(context.get())
                               : SSL_CTX_load_verify_file(context.get(), peer.ca_file.c_str()) == 1;
  if (is_trusting || !peer.is_verified) return context;
  fault = (peer.ca_file.empty() ? "trusted certificates" : "ca_file " + peer.ca_file) + ": " +
          openssl_fault("no certificates");
  return nullptr;
}

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

// Whom the certificate must name, whatever becomes of the handshake.
bool expect_peer(SSL* session, const std::string& host) {
  auto* rules = SSL_get0_param(session);
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size()) == 1 &&
         SSL_set_tlsext_host_name(session, host.c_str()) == 1;
}

// ---- the channel -------------------------------------------------------------------------------

class TlsChannel final : public Channel {
 public:
  TlsChannel(UniqueFd fd, Session session) : fd_(std::move(fd)), session_(std::move(session)) {}
  ~TlsChannel() override {
    if (is_open_) SSL_shutdown(session_.get());  // says goodbye, does not wait for the answer
  }

  int fd() const override { return fd_.get(); }

  ChannelStep handshake() override {
    auto step = step_of(SSL_connect(session_.get()));
    step.bytes = 0;
    is_open_ = step.kind == Step::moved;
    return step;
  }
  ChannelStep read(char* data, std::size_t size) override {
    return step_of(SSL_read(session_.get(), data, limited(size)));
  }
  ChannelStep write(const char* data, std::size_t size) override {
    return step_of(SSL_write(session_.get(), data, limited(size)));
  }

 private:
  static int limited(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
  }

  ChannelStep step_of(int result) {
    if (result > 0) return {Step::moved, static_cast<std::size_t>(result), {}};
    const int error = errno;
    switch (SSL_get_error(session_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {Step::needs_input, 0, {}};
      case SSL_ERROR_WANT_WRITE:
        return {Step::needs_output, 0, {}};
      case SSL_ERROR_ZERO_RETURN:
        return {Step::ended, 0, {}};
      default:
        is_open_ = false;
        return {Step::failed, 0, fault(error)};
    }
  }

  std::string fault(int error) const {
    const long verdict = SSL_get_verify_result(session_.get());
    if (verdict != X509_V_OK && SSL_get_verify_mode(session_.get()) != SSL_VERIFY_NONE) {
      ERR_clear_error();
      return std::string("certificate refused: ") + X509_verify_cert_error_string(verdict);
    }
    return openssl_fault(error == 0 ? "the connection was closed"
                                    : std::generic_category().message(error));
  }

  UniqueFd fd_;
  Session session_;
  bool is_open_ = false;
};

}  // namespace
}  // namespace shoal::plugin

extern "C" __attribute__((visibility("default"))) shoal::plugin::Channel* shoal_tls_open(
    int raw_fd, const shoal::plugin::TlsPeer& peer, std::string& fault) {
  using namespace shoal::plugin;
  shoal::UniqueFd fd(raw_fd);
  ERR_clear_error();
  const auto context = make_context(peer, fault);
  if (context == nullptr) return nullptr;
  Session session(SSL_new(context.get()));
  if (session == nullptr || !expect_peer(session.get(), peer.host)) {
    fault = "TLS: " + openssl_fault("cannot begin");
    return nullptr;
  }
  auto* bio = make_bio(fd.get());
  SSL_set_bio(session.get(), bio, bio);
  return new TlsChannel(std::move(fd), std::move(session));
}
