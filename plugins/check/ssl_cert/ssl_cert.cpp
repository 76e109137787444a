#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/net/expiry.h"
#include "common/net/tls.h"
#include "common/thresholds.h"
#include "common/wall_clock.h"
#include "starttls.h"

SHOAL_MANIFEST(R"({
  "id": "ssl_cert",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether a server's certificate is accepted, and for how long it still will be",
  "options": {
    "host": {"type": "string", "required": true, "pattern": ".", "x-example": "127.0.0.1", "description": "name or address"},
    "port": {"type": "integer", "default": 443, "minimum": 1, "maximum": 65535, "description": "of the server"},
    "server_name": {"type": "string", "default": "", "description": "ask for this name, and expect it in the certificate; empty: host"},
    "starttls": {"type": "string", "default": "", "enum": ["", "smtp", "imap", "pop3"], "description": "begin in the clear, as this protocol does; empty: TLS at once"},
    "warning": {"type": "string", "format": "threshold", "default": "30", "description": "fewer days than this are left: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "default": "14", "description": "fewer days than this: CRITICAL; or a range"},
    "check_certificate": {"type": "boolean", "default": true, "description": "be CRITICAL when the certificate is not accepted; false: judge the days alone"},
    "ca_file": {"type": "string", "default": "", "description": "PEM file of trusted roots; empty: the system's"},
    "cert_file": {"type": "string", "default": "", "description": "PEM file with a certificate of the agent's own, for servers that ask for one"},
    "key_file": {"type": "string", "default": "", "description": "PEM file with its key, without a passphrase; empty: in cert_file"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"}
  },
  "series": [
    {"name": "ssl_cert.*.days", "kind": "gauge", "unit": "integer", "description": "whole days until the first certificate of the presented chain expires; negative once it has"}
  ]
})");

namespace {

using shoal::common::Certificate;
using shoal::common::Connection;
using shoal::common::Deadline;
using shoal::common::Result;

constexpr std::int64_t second_ns = 1'000'000'000;

std::string server_name_option(const shoal::Options& options) {
  const auto name = options.text("/server_name");
  return name.empty() ? options.text("/host") : name;
}

class SslCert : public shoal::Check {
 public:
  explicit SslCert(shoal::Context& context)
      : endpoint_(context.options().text("/host"), context.options().integer("/port", 443)),
        server_name_(server_name_option(context.options())),
        starttls_(context.options().text("/starttls")),
        tls_(shoal::common::tls_options(context.options())),
        thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::under)),
        timeout_(context.options().integer("/timeout", 10'000)),
        days_(
            context.gauge(shoal::common::check_prefix("ssl_cert", context) + ".days", "integer")) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const Deadline deadline(round, timeout_);
    Connection connection;
    auto result = endpoint_.open(connection, deadline);
    if (result != Result::good) return failed(result, endpoint_.fault());

    std::string fault;
    if (!starttls_.empty()) {
      result = shoal::ssl_cert::ask_for_tls(connection, starttls_, deadline, fault);
      if (result != Result::good) return failed(result, fault);
    }
    auto layer = tls_.layer(server_name_);
    const auto& tls = *layer;  // the connection keeps it
    result = connection.secure(std::move(layer), deadline);
    const auto presented = tls.presented();
    if (presented.empty()) return failed(Result::broken, connection.fault());
    return judge(round, presented, result == Result::good ? "" : connection.fault());
  }

 private:
  // A fault: what the handshake came to though there is a certificate.
  shoal::CheckVerdict judge(shoal::Round& round, const std::vector<Certificate>& presented,
                            const std::string& fault) const {
    const auto now = shoal::common::unix_ns(round.context()) / second_ns;
    const auto expiry = shoal::common::expiry_of(presented, now);
    round.emit(days_, static_cast<double>(expiry.days));
    if (fault.empty()) return {expiry.status(thresholds_), endpoint_.name() + ": " + expiry.words};
    return {SHOAL_CHECK_CRITICAL, endpoint_.name() + ": " + fault + "; " + expiry.words};
  }

  shoal::CheckVerdict failed(Result result, const std::string& fault) const {
    return shoal::common::failure_at(endpoint_, result, fault, SHOAL_CHECK_CRITICAL);
  }

  shoal::common::Endpoint endpoint_;
  std::string server_name_;
  std::string starttls_;
  shoal::common::TlsContext tls_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  shoal::Series days_;
};

}  // namespace

SHOAL_PLUGIN(SslCert);
