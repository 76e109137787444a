#include <chrono>
#include <optional>
#include <string>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "common/words.h"
#include "ssh_session.h"

SHOAL_MANIFEST(R"({
  "id": "ssh",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether an SSH server exchanges keys, takes a login, and soon enough",
  "options": {
    "host": {"type": "string", "default": "localhost", "pattern": ".", "description": "name or address"},
    "port": {"type": "integer", "default": 22, "minimum": 1, "maximum": 65535, "description": "of the server"},
    "host_key_fingerprint": {"type": "string", "default": "", "pattern": "^(SHA256:[A-Za-z0-9+/]{43})?$", "description": "CRITICAL if the server has another host key; as ssh-keygen -l shows it"},
    "user": {"type": "string", "default": "", "description": "log in as this user; empty: exchange keys alone"},
    "password": {"type": "string", "x-secret": true, "default": "", "description": "of the user"},
    "key_file": {"type": "string", "default": "", "description": "a private key in place of a password"},
    "passphrase": {"type": "string", "x-secret": true, "default": "", "description": "of the key"},
    "warning": {"type": "string", "format": "threshold", "description": "over this many seconds in all: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "description": "over this many seconds: CRITICAL; or a range"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "30s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "error_status": {"type": "string", "enum": ["warning", "critical"], "default": "critical", "description": "what no connection, a wrong answer or a refused login is"}
  },
  "series": [
    {"name": "ssh.*.seconds", "kind": "gauge", "unit": "seconds", "description": "from looking up the name to the end of the key exchange or login"}
  ]
})");

namespace {

using shoal::common::Connection;
using shoal::common::Deadline;
using shoal::common::Result;
using shoal::ssh::Login;
using shoal::ssh::SshSession;

[[noreturn]] void refuse(const std::string& reason) {
  throw shoal::Failure(reason, SHOAL_CONFIG);
}

Login login_option(const shoal::Options& options) {
  Login login{.user = options.text("/user"),
              .password = options.text("/password"),
              .key_file = options.text("/key_file"),
              .passphrase = options.text("/passphrase")};
  const bool has_password = !login.password.empty();
  const bool has_key = !login.key_file.empty();
  if (has_password && has_key) refuse("option key_file: expected it or password, found both");
  if (!login.user.empty() && !has_password && !has_key) {
    refuse("option user: expected password or key_file as well, found neither");
  }
  if (login.user.empty() && (has_password || has_key)) {
    refuse("option user: expected one for the password or key_file, found none");
  }
  return login;
}

class Ssh : public shoal::Check {
 public:
  explicit Ssh(shoal::Context& context)
      : endpoint_(context.options().text("/host", "localhost"),
                  context.options().integer("/port", 22)),
        login_(login_option(context.options())),
        fingerprint_(context.options().text("/host_key_fingerprint")),
        thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::over)),
        timeout_(context.options().integer("/timeout", 30'000)),
        error_status_(shoal::common::status_option(context.options(), "error_status", "critical")),
        seconds_(
            context.gauge(shoal::common::check_prefix("ssh", context) + ".seconds", "seconds")) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto began = Deadline::Clock::now();
    const Deadline deadline(round, timeout_);
    Connection connection;
    auto result = endpoint_.open(connection, deadline);
    if (result != Result::good) {
      return failure_at(endpoint_, result, endpoint_.fault(), error_status_);
    }

    SshSession session(connection, deadline);
    result = session.shake_hands();
    if (result != Result::good) {
      return failure_at(endpoint_, result, session.fault(), error_status_);
    }
    // Before the password is given away.
    if (const auto fault = key_fault(session)) return {SHOAL_CHECK_CRITICAL, *fault};
    if (!login_.user.empty()) result = session.log_in(login_);
    if (result != Result::good) {
      return failure_at(endpoint_, result, session.fault(), error_status_);
    }

    const double seconds = std::chrono::duration<double>(Deadline::Clock::now() - began).count();
    round.emit(seconds_, seconds);
    return {thresholds_.status_of(seconds), words_of(session, seconds)};
  }

 private:
  std::optional<std::string> key_fault(const SshSession& session) const {
    const auto found = session.fingerprint();
    if (fingerprint_.empty() || found == fingerprint_) return std::nullopt;
    return endpoint_.name() + ": expected the host key " + fingerprint_ + ", found " +
           (found.empty() ? "none" : found);
  }

  std::string words_of(const SshSession& session, double seconds) const {
    const auto done = login_.user.empty() ? "keys exchanged" : "logged in as " + login_.user;
    return endpoint_.name() + ": " + done + " in " + shoal::common::seconds_words(seconds) + ": " +
           shoal::common::quoted(session.banner()) + ", host key " + session.fingerprint();
  }

  shoal::common::Endpoint endpoint_;
  Login login_;
  std::string fingerprint_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  std::uint32_t error_status_;
  shoal::Series seconds_;
};

}  // namespace

SHOAL_PLUGIN(Ssh);
