// What a certificate says of its holder and its time. Plain value and pure functions, over OpenSSL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct x509_st;

namespace shoal::common {

struct Certificate {
  std::string subject;          // "CN=example.org, O=Example": as RFC 2253, UTF-8
  std::int64_t not_before = 0;  // Unix seconds
  std::int64_t not_after = 0;   // Unix seconds; valid up to and with this one
};

Certificate certificate_of(x509_st* raw);

// The certificates of a PEM text in its order; what else stands in it, such as keys, is passed
// over. Throws std::runtime_error when a certificate in it is damaged; empty if there is none.
std::vector<Certificate> certificates_in_pem(std::string_view text);

// The one that ends first; `certificates` is not empty.
const Certificate& first_to_expire(const std::vector<Certificate>& certificates);

// "2026-12-31 23:59:59 UTC".
std::string time_words(std::int64_t unix_seconds);

}  // namespace shoal::common
