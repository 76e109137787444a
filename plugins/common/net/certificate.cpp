#include "common/net/certificate.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <memory>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace shoal::common {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Owner = std::unique_ptr<X509, decltype(&X509_free)>;

// A time that cannot be read is long past: it must not pass for a valid one.
std::int64_t unix_seconds(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return ::timegm(&parts);
}

std::string subject_of(const X509* raw) {
  const Bio text(BIO_new(BIO_s_mem()), &BIO_free);
  constexpr unsigned long as_utf8 =
      XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  X509_NAME_print_ex(text.get(), X509_get_subject_name(raw), 0, as_utf8);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

bool is_end_of_pem(unsigned long error) {
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

// There is nobody to ask.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

Certificate certificate_of(x509_st* raw) {
  return {subject_of(raw), unix_seconds(X509_get0_notBefore(raw)),
          unix_seconds(X509_get0_notAfter(raw))};
}

std::vector<Certificate> certificates_in_pem(std::string_view text) {
  if (text.size() > std::numeric_limits<int>::max()) throw std::runtime_error("it is too large");
  const Bio source(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  std::vector<Certificate> found;
  ERR_clear_error();
  while (X509Owner one{PEM_read_bio_X509(source.get(), nullptr, &no_passphrase, nullptr),
                       &X509_free}) {
    found.push_back(certificate_of(one.get()));
  }
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (is_end_of_pem(error)) return found;
  const char* reason = ERR_reason_error_string(error);
  throw std::runtime_error("certificate " + std::to_string(found.size() + 1) +
                           " is damaged: " + (reason == nullptr ? "unknown reason" : reason));
}

const Certificate& first_to_expire(const std::vector<Certificate>& certificates) {
  return *std::min_element(
      certificates.begin(), certificates.end(),
      [](const auto& left, const auto& right) { return left.not_after < right.not_after; });
}

std::string time_words(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

}  // namespace shoal::common
