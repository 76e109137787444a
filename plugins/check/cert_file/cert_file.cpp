#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/net/certificate.h"
#include "common/net/expiry.h"
#include "common/proc_file.h"
#include "common/thresholds.h"
#include "common/wall_clock.h"

SHOAL_MANIFEST(R"({
  "id": "cert_file",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether the certificates in a file expire soon",
  "options": {
    "file": {"type": "string", "required": true, "pattern": "^/", "x-example": "/etc/ssl/certs/ISRG_Root_X1.pem", "description": "the path of a PEM file; all certificates in it are judged"},
    "warning": {"type": "string", "format": "threshold", "default": "30", "description": "fewer whole days left than this: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "default": "14", "description": "fewer whole days left: CRITICAL; or a range"}
  },
  "series": [
    {"name": "cert_file.*.days", "kind": "gauge", "unit": "integer", "description": "whole days until the first certificate expires; negative once it has"}
  ]
})");

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

// A pipe would keep whoever opens it waiting.
void refuse_what_is_no_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    throw shoal::Failure(path + ": expected a file, found something else");
  }
}

class CertFile : public shoal::Check {
 public:
  explicit CertFile(shoal::Context& context)
      : thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::under)),
        file_(context.options().text("/file")),
        days_(context.gauge(shoal::common::check_prefix("cert_file", context) + ".days",
                            "integer")) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    refuse_what_is_no_file(file_.path());
    const auto text = file_.read().text;
    // Whoever serves this file cannot use it: that is worse than not knowing.
    try {
      return judge(shoal::common::certificates_in_pem(text), round);
    } catch (const std::runtime_error& damage) {
      return {SHOAL_CHECK_CRITICAL, file_.path() + ": " + damage.what()};
    }
  }

 private:
  shoal::CheckVerdict judge(const std::vector<shoal::common::Certificate>& certificates,
                            shoal::Round& round) const {
    if (certificates.empty()) {
      return {SHOAL_CHECK_CRITICAL, file_.path() + ": holds no certificate in PEM form"};
    }
    const auto now = shoal::common::unix_ns(round.context()) / second_ns;
    const auto expiry = shoal::common::expiry_of(certificates, now);
    round.emit(days_, static_cast<double>(expiry.days));
    return {expiry.status(thresholds_), file_.path() + ": " + expiry.words};
  }

  shoal::common::Thresholds thresholds_;
  shoal::common::ProcFile file_;
  shoal::Series days_;
};

}  // namespace

SHOAL_PLUGIN(CertFile);
