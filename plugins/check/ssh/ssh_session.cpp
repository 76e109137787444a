#include "ssh_session.h"

#include <algorithm>
#include <cerrno>
#include <libssh2.h>
#include <poll.h>
#include <string_view>

#include <sys/socket.h>

#include "common/base64.h"
#include "memory.h"

namespace shoal::ssh {
namespace {

using common::Result;

constexpr std::size_t most_bytes = std::size_t{1} << 20;

unsigned int size_of(const std::string& text) {
  return static_cast<unsigned int>(text.size());
}

// What the library hands to the functions below.
struct Lent {
  const common::Deadline& deadline;
  std::size_t bytes_left = most_bytes;  // that the server may still send
  Memory memory;

  static Lent& of(void** self) { return *static_cast<Lent*>(*self); }
};

void* allocate(std::size_t size, void** lent) {
  return Lent::of(lent).memory.allocate(size);
}

void* resize(void* data, std::size_t size, void** lent) {
  return Lent::of(lent).memory.resize(data, size);
}

void release(void* data, void** lent) {
  Lent::of(lent).memory.release(data);
}

// The library reads on as long as there is something: lines before the banner without end, for one.
ssize_t receive(int fd, void* buffer, std::size_t size, int flags, void** lent) {
  auto& own = Lent::of(lent);
  if (own.bytes_left == 0 || own.deadline.has_passed()) return -ECONNABORTED;
  const auto got = ::recv(fd, buffer, std::min(size, own.bytes_left), flags);
  if (got < 0) return -errno;
  own.bytes_left -= static_cast<std::size_t>(got);
  return got;
}

LIBSSH2_SESSION* make_session(Lent& lent) {
  // Counted by libssh2, but not safe from several threads.
  static const int initialised = libssh2_init(0);
  auto* const made =
      initialised == 0 ? libssh2_session_init_ex(&allocate, &release, &resize, &lent) : nullptr;
  if (made == nullptr) throw std::bad_alloc();
  libssh2_session_set_blocking(made, 0);
  libssh2_session_callback_set(made, LIBSSH2_CALLBACK_RECV, reinterpret_cast<void*>(&receive));
  return made;
}

}  // namespace

struct SshSession::Library {
  explicit Library(const common::Deadline& deadline)
      : lent{.deadline = deadline}, session(make_session(lent)) {}
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() {
    libssh2_session_disconnect_ex(session, SSH_DISCONNECT_BY_APPLICATION, "checked", "");
    libssh2_session_free(session);
  }

  Lent lent;
  LIBSSH2_SESSION* session;
};

SshSession::SshSession(const common::Connection& connection, const common::Deadline& deadline)
    : fd_(connection.fd()), deadline_(deadline), library_(std::make_unique<Library>(deadline)) {}
SshSession::~SshSession() = default;

Result SshSession::complete(const std::string& what, const std::function<int()>& step) {
  for (;;) {
    const int code = step();
    if (code == 0) return Result::good;
    if (code != LIBSSH2_ERROR_EAGAIN) return failed(what, code);
    const auto wanted = libssh2_session_block_directions(library_->session);
    const bool writes = (wanted & LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0;
    const auto events = static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN);
    if (!common::wait_for(fd_, events, deadline_.left(), deadline_)) {
      fault_ = what + ": no more came in time";
      return Result::timed_out;
    }
  }
}

Result SshSession::failed(const std::string& what, int code) {
  char* reason = nullptr;
  libssh2_session_last_error(library_->session, &reason, nullptr, 0);
  fault_ = what + ": " + (reason == nullptr ? "unknown reason" : reason);
  if (deadline_.has_passed()) fault_ = what + ": not over in time";
  if (library_->lent.bytes_left == 0) {
    fault_ = what + ": expected at most " + std::to_string(most_bytes) + " bytes, found more";
  }
  return code == LIBSSH2_ERROR_FILE ? Result::impossible : Result::broken;
}

Result SshSession::shake_hands() {
  return complete("handshake", [&] { return libssh2_session_handshake(library_->session, fd_); });
}

Result SshSession::log_in(const Login& login) {
  const auto& user = login.user;
  if (login.key_file.empty()) {
    return complete("login as " + user, [&] {
      return libssh2_userauth_password_ex(library_->session, user.data(), size_of(user),
                                          login.password.data(), size_of(login.password), nullptr);
    });
  }
  // Without a passphrase, too, there is one to give: nobody is asked for it at the terminal.
  return complete("login as " + user + " with " + login.key_file, [&] {
    return libssh2_userauth_publickey_fromfile_ex(library_->session, user.data(), size_of(user),
                                                  nullptr, login.key_file.c_str(),
                                                  login.passphrase.c_str());
  });
}

std::string SshSession::banner() const {
  const char* const banner = libssh2_session_banner_get(library_->session);
  return banner == nullptr ? "" : banner;
}

std::string SshSession::fingerprint() const {
  constexpr std::size_t digest_size = 32;
  const char* const hash = libssh2_hostkey_hash(library_->session, LIBSSH2_HOSTKEY_HASH_SHA256);
  if (hash == nullptr) return {};
  auto text = common::base64({hash, digest_size});
  text.resize(text.find('='));
  return "SHA256:" + text;
}

}  // namespace shoal::ssh
