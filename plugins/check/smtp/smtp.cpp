#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <unistd.h>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/net/tls.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "common/words.h"
#include "dialogue.h"

SHOAL_MANIFEST(R"({
  "id": "smtp",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether a mail server holds the dialogue that comes before a message, and soon enough",
  "options": {
    "host": {"type": "string", "default": "localhost", "pattern": ".", "description": "name or address"},
    "port": {"type": "integer", "default": 25, "minimum": 1, "maximum": 65535, "description": "of the server; often 465 with tls, 587 with starttls"},
    "helo": {"type": "string", "default": "", "pattern": "^[!-~]*$", "description": "the name to say EHLO with; empty: this host's"},
    "starttls": {"type": "boolean", "default": false, "description": "go on in TLS after the greeting"},
    "tls": {"type": "boolean", "default": false, "description": "speak TLS from the start"},
    "user": {"type": "string", "default": "", "description": "log in as this user; empty: do not"},
    "password": {"type": "string", "x-secret": true, "default": "", "description": "of the user"},
    "auth": {"type": "string", "default": "", "enum": ["", "plain", "login"], "description": "how to log in; empty: as the server offers"},
    "allow_cleartext": {"type": "boolean", "default": false, "description": "log in without TLS as well"},
    "from": {"type": "string", "default": "", "pattern": "^[!-~]*$", "description": "say MAIL FROM with this address; empty: do not"},
    "commands": {"type": "array", "items": {"type": "string", "pattern": "^[ -~]+$"}, "default": [], "description": "further commands, each to be answered with 2xx"},
    "warning": {"type": "string", "format": "threshold", "description": "over this many seconds in all: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "description": "over this many seconds: CRITICAL; or a range"},
    "check_certificate": {"type": "boolean", "default": true, "description": "verify the server's certificate"},
    "ca_file": {"type": "string", "default": "", "description": "PEM file of trusted roots; empty: the system's"},
    "cert_file": {"type": "string", "default": "", "description": "PEM file with a certificate of the agent's own, for servers that ask for one"},
    "key_file": {"type": "string", "default": "", "description": "PEM file with its key, without a passphrase; empty: in cert_file"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "error_status": {"type": "string", "enum": ["warning", "critical"], "default": "critical", "description": "what no connection or a wrong answer is"}
  },
  "series": [
    {"name": "smtp.*.seconds", "kind": "gauge", "unit": "seconds", "description": "from looking up the name to the last answer"}
  ]
})");

namespace {

using shoal::common::Connection;
using shoal::common::Deadline;
using shoal::common::Result;
using shoal::smtp::Dialogue;

[[noreturn]] void refuse(const std::string& reason) {
  throw shoal::Failure(reason, SHOAL_CONFIG);
}

std::string host_name() {
  std::array<char, 256> name{};
  const bool is_known = ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0';
  return is_known ? name.data() : "localhost";
}

shoal::smtp::Script script_option(const shoal::Options& options) {
  shoal::smtp::Script script{.helo = options.text("/helo"),
                             .starttls = options.boolean("/starttls"),
                             .user = options.text("/user"),
                             .password = options.text("/password"),
                             .auth = options.text("/auth"),
                             .from = options.text("/from"),
                             .commands = options.texts("/commands")};
  if (script.helo.empty()) script.helo = host_name();
  const bool has_user = !script.user.empty();
  if (has_user == script.password.empty()) {
    refuse("option user: expected user and password together, found one of them");
  }
  if (!has_user && !script.auth.empty()) {
    refuse("option auth: expected user and password as well, found neither");
  }
  const bool is_protected = script.starttls || options.boolean("/tls");
  if (has_user && !is_protected && !options.boolean("/allow_cleartext")) {
    refuse("option user: expected tls, starttls or allow_cleartext as well, found none of them");
  }
  return script;
}

std::optional<shoal::common::TlsContext> tls_option(const shoal::Options& options) {
  const bool starttls = options.boolean("/starttls");
  const bool tls = options.boolean("/tls");
  if (tls && starttls) refuse("option tls: expected tls or starttls, found both");
  return shoal::common::tls_context(options, tls || starttls, "tls or starttls");
}

class Smtp : public shoal::Check {
 public:
  explicit Smtp(shoal::Context& context)
      : endpoint_(context.options().text("/host", "localhost"),
                  context.options().integer("/port", 25)),
        script_(script_option(context.options())),
        tls_(tls_option(context.options())),
        thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::over)),
        timeout_(context.options().integer("/timeout", 10'000)),
        error_status_(shoal::common::status_option(context.options(), "error_status", "critical")),
        seconds_(
            context.gauge(shoal::common::check_prefix("smtp", context) + ".seconds", "seconds")) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto began = Deadline::Clock::now();
    const Deadline deadline(round, timeout_);
    Connection connection;
    auto result = endpoint_.open(connection, deadline);
    if (result != Result::good) {
      return failure_at(endpoint_, result, endpoint_.fault(), error_status_);
    }
    const auto secure = [&] { return connection.secure(tls_->layer(endpoint_.host()), deadline); };
    if (tls_ && !script_.starttls) result = secure();
    if (result != Result::good) {
      return failure_at(endpoint_, result, connection.fault(), error_status_);
    }

    Dialogue dialogue(connection, script_, deadline, secure);
    result = dialogue.run();
    if (result != Result::good) {
      return failure_at(endpoint_, result, dialogue.fault(), error_status_);
    }
    const double seconds = std::chrono::duration<double>(Deadline::Clock::now() - began).count();
    round.emit(seconds_, seconds);
    dialogue.quit();
    return {thresholds_.status_of(seconds), endpoint_.name() + ": all said in " +
                                                shoal::common::seconds_words(seconds) + ": " +
                                                dialogue.greeting()};
  }

 private:
  shoal::common::Endpoint endpoint_;
  shoal::smtp::Script script_;
  std::optional<shoal::common::TlsContext> tls_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  std::uint32_t error_status_;
  shoal::Series seconds_;
};

}  // namespace

SHOAL_PLUGIN(Smtp);
