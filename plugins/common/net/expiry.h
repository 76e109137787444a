// How long certificates remain valid, as all checks of them judge and say it. Knows nothing of
// where they come from. Plain value and pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/net/certificate.h"
#include "common/thresholds.h"

namespace shoal::common {

struct Expiry {
  std::int64_t days;  // whole days left to the certificate that ends first; negative once it ended
  bool is_valid;      // every certificate is, now
  std::string words;  // of the one that matters: "CN=... expires in 3 days, on ..."

  // CRITICAL whatever the thresholds when one has expired or is not valid yet.
  std::uint32_t status(const Thresholds& thresholds) const;
};

// `certificates` is not empty; `now` is in Unix seconds.
Expiry expiry_of(const std::vector<Certificate>& certificates, std::int64_t now);

}  // namespace shoal::common
