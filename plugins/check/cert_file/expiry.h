// How long the certificates of a file remain valid. Knows nothing of the SDK. Plain value and pure
// functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/net/certificate.h"

namespace shoal::cert_file {

struct Expiry {
  std::int64_t days;  // whole days left to the certificate that ends first; negative once it ended
  bool is_valid;      // every certificate is, now
  std::string words;  // of the one that matters: "CN=... expires in 3 days, on ..."
};

// `certificates` is not empty.
Expiry expiry_of(const std::vector<common::Certificate>& certificates, std::int64_t now);

}  // namespace shoal::cert_file
