#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/net/tls.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "common/words.h"
#include "replication.h"
#include "session.h"

SHOAL_MANIFEST(R"({
  "id": "redis",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether Redis answers, or a replica follows its master",
  "options": {
    "mode": {"type": "string", "default": "reachable", "enum": ["reachable", "replication"], "description": "reachable: PING is answered; replication: this is a replica with a link to its master"},
    "host": {"type": "string", "default": "localhost", "pattern": ".", "description": "name or address"},
    "port": {"type": "integer", "default": 6379, "minimum": 1, "maximum": 65535, "description": "of the server"},
    "socket": {"type": "string", "default": "", "pattern": "^/|^$", "description": "a unix socket in place of host and port"},
    "user": {"type": "string", "default": "", "description": "log in as this user; empty: the default user"},
    "password": {"type": "string", "x-secret": true, "default": "", "description": "log in with it; empty: do not log in"},
    "skip_master": {"type": "boolean", "default": false, "description": "replication: a master is OK, as the roles may change"},
    "warning": {"type": "string", "format": "threshold", "description": "over this many seconds: WARNING; or a range. reachable: in all; replication: since the master said something"},
    "critical": {"type": "string", "format": "threshold", "description": "over this many seconds: CRITICAL; or a range"},
    "tls": {"type": "boolean", "default": false, "description": "speak TLS"},
    "check_certificate": {"type": "boolean", "default": true, "description": "verify the server's certificate"},
    "ca_file": {"type": "string", "default": "", "description": "PEM file of trusted roots; empty: the system's"},
    "cert_file": {"type": "string", "default": "", "description": "PEM file with a certificate of the agent's own, for servers that ask for one"},
    "key_file": {"type": "string", "default": "", "description": "PEM file with its key, without a passphrase; empty: in cert_file"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "5s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "error_status": {"type": "string", "enum": ["warning", "critical"], "default": "critical", "description": "what no connection or a wrong answer is"}
  },
  "series": [
    {"name": "redis.*.seconds", "kind": "gauge", "unit": "seconds", "description": "from looking up the name to the answer"},
    {"name": "redis.*.silence", "kind": "gauge", "unit": "seconds", "description": "replication: since the master said something"}
  ]
})");

namespace {

using shoal::common::Connection;
using shoal::common::Deadline;
using shoal::common::Result;
using shoal::redis::Replication;
using shoal::redis::Reply;
using shoal::redis::Session;

// How to log in; empty: not at all.
std::vector<std::string> login_option(const shoal::Options& options) {
  const auto user = options.text("/user");
  const auto password = options.text("/password");
  if (!user.empty() && password.empty()) {
    throw shoal::Failure("option user: expected a password as well, found none", SHOAL_CONFIG);
  }
  if (password.empty()) return {};
  return user.empty() ? std::vector{std::string("AUTH"), password}
                      : std::vector{std::string("AUTH"), user, password};
}

class Redis : public shoal::Check {
 public:
  explicit Redis(shoal::Context& context)
      : endpoint_(context.options(), 6379),
        judges_replication_(context.options().text("/mode") == "replication"),
        password_(context.options().text("/password")),
        login_(login_option(context.options())),
        is_master_fine_(context.options().boolean("/skip_master")),
        thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::over)),
        tls_(shoal::common::tls_context(context.options(), context.options().boolean("/tls"),
                                        "tls")),
        timeout_(context.options().integer("/timeout", 5'000)),
        error_status_(shoal::common::status_option(context.options(), "error_status", "critical")),
        seconds_(
            context.gauge(shoal::common::check_prefix("redis", context) + ".seconds", "seconds")),
        silence_(
            context.gauge(shoal::common::check_prefix("redis", context) + ".silence", "seconds")) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto began = Deadline::Clock::now();
    const Deadline deadline(round, timeout_);
    Connection connection;
    std::string fault;
    Reply reply;
    const auto result = converse(connection, reply, deadline, fault);
    if (result != Result::good) return failure_at(endpoint_, result, fault, error_status_);

    const double seconds = std::chrono::duration<double>(Deadline::Clock::now() - began).count();
    round.emit(seconds_, seconds);
    if (judges_replication_) return judge(round, shoal::redis::parse_replication(reply.text));
    return verdict(thresholds_.status_of(seconds),
                   "PONG in " + shoal::common::seconds_words(seconds));
  }

 private:
  Result converse(Connection& connection, Reply& reply, const Deadline& deadline,
                  std::string& fault) {
    auto result = endpoint_.open(connection, deadline);
    fault = endpoint_.fault();
    if (result == Result::good && tls_) {
      result = connection.secure(tls_->layer(endpoint_.host()), deadline);
      fault = connection.fault();
    }
    Session session(connection);
    if (result == Result::good && !login_.empty()) {
      result = ask(session, login_, "OK", reply, deadline, fault);
    }
    if (result != Result::good) return result;
    if (!judges_replication_) return ask(session, {"PING"}, "PONG", reply, deadline, fault);
    return ask(session, {"INFO", "replication"}, "", reply, deadline, fault);
  }

  // `expected`: the whole answer; empty: whatever is no error.
  Result ask(Session& session, const std::vector<std::string>& words, std::string_view expected,
             Reply& reply, const Deadline& deadline, std::string& fault) const {
    const auto result = session.ask(words, reply, deadline);
    fault = words.front() + ": " + session.fault();
    if (result != Result::good) return result;
    if (!reply.is_error && (expected.empty() || reply.text == expected)) return result;
    fault = words.front() + ": expected " +
            (expected.empty() ? "an answer" : std::string(expected)) + ", got " + told(reply.text);
    return Result::broken;
  }

  shoal::CheckVerdict judge(shoal::Round& round, const Replication& found) const {
    if (found.role == "master") {
      return verdict(is_master_fine_ ? SHOAL_CHECK_OK : SHOAL_CHECK_CRITICAL,
                     is_master_fine_ ? "it is a master" : "expected a replica, found a master");
    }
    if (found.role != "slave") {
      return verdict(error_status_, "expected the role of a replica, found " + told(found.role));
    }
    auto words = "replica of " + told(found.master) + ", link " + told(found.link);
    if (found.link != "up") return verdict(SHOAL_CHECK_CRITICAL, words + down_words(found));
    if (!found.silent_s) return verdict(SHOAL_CHECK_UNKNOWN, words + ", silence not told");
    const auto silence = static_cast<double>(*found.silent_s);
    round.emit(silence_, silence);
    return verdict(thresholds_.status_of(silence),
                   words + ", heard " + std::to_string(*found.silent_s) + " s ago");
  }

  static std::string down_words(const Replication& found) {
    std::string words;
    if (found.down_since_s) words += " for " + std::to_string(*found.down_since_s) + " s";
    if (found.is_copying) words += ", copying the master's data";
    return words;
  }

  // What the server said, in quotes; it may repeat the password.
  std::string told(const std::string& text) const {
    return shoal::common::quoted(shoal::common::without_secret(text, password_));
  }

  shoal::CheckVerdict verdict(std::uint32_t status, const std::string& words) const {
    return {status, endpoint_.name() + ": " + words};
  }

  shoal::common::Endpoint endpoint_;
  bool judges_replication_;
  std::string password_;
  std::vector<std::string> login_;
  bool is_master_fine_;
  shoal::common::Thresholds thresholds_;
  std::optional<shoal::common::TlsContext> tls_;
  std::chrono::milliseconds timeout_;
  std::uint32_t error_status_;
  shoal::Series seconds_;
  shoal::Series silence_;
};

}  // namespace

SHOAL_PLUGIN(Redis);
