#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/net/tls.h"
#include "common/thresholds.h"
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
    {"name": "ssl_cert.*.days", "kind": "gauge", "unit": "float", "description": "until the first certificate of the presented chain ends; under 0: since then"}
  ]
})");

namespace {

using shoal::common::Certificate;
using shoal::common::Connection;
using shoal::common::Deadline;
using shoal::common::Result;

std::string server_name_option(const shoal::Options& options) {
  const auto name = options.text("/server_name");
  return name.empty() ? options.text("/host") : name;
}

std::string day_words(double days) {
  std::array<char, 64> text{};
  const char* const form = days < 0 ? "ended %.1f days ago" : "ends in %.1f days";
  std::snprintf(text.data(), text.size(), form, days < 0 ? -days : days);
  return text.data();
}

class SslCert : public shoal::Check {
 public:
  explicit SslCert(shoal::Context& context)
      : context_(context),
        endpoint_(context.options().text("/host"), context.options().integer("/port", 443)),
        server_name_(server_name_option(context.options())),
        starttls_(context.options().text("/starttls")),
        tls_(shoal::common::tls_options(context.options())),
        thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::under)),
        timeout_(context.options().integer("/timeout", 10'000)),
        days_(context.gauge(shoal::common::check_prefix("ssl_cert", context) + ".days", "float")) {}

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
    return judge(round, shoal::common::first_to_expire(presented), presented.size(),
                 result == Result::good ? "" : connection.fault());
  }

 private:
  // A fault: what the handshake came to though there is a certificate.
  shoal::CheckVerdict judge(shoal::Round& round, const Certificate& first, std::size_t presented,
                            const std::string& fault) const {
    const double days = days_until(first.not_after);
    round.emit(days_, days);
    const auto words = (presented == 1 ? "certificate \"" : "of the chain \"") + first.subject +
                       "\" " + day_words(days) + ", " + shoal::common::time_words(first.not_after);
    if (fault.empty()) return {thresholds_.status_of(days), endpoint_.name() + ": " + words};
    return {SHOAL_CHECK_CRITICAL, endpoint_.name() + ": " + fault + "; " + words};
  }

  double days_until(std::int64_t unix_seconds) const {
    const auto* clock = static_cast<const shoal_clock*>(context_.service(SHOAL_SERVICE_CLOCK));
    const auto now = static_cast<double>(clock->unix_ns(context_.raw())) / 1e9;
    return (static_cast<double>(unix_seconds) - now) / 86'400;
  }

  shoal::CheckVerdict failed(Result result, const std::string& fault) const {
    const std::uint32_t status =
        result == Result::impossible ? SHOAL_CHECK_UNKNOWN : SHOAL_CHECK_CRITICAL;
    return {status, endpoint_.name() + ": " + fault};
  }

  const shoal::Context& context_;
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
