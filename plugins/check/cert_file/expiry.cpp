#include "expiry.h"

#include <algorithm>

namespace shoal::cert_file {
namespace {

using common::Certificate;
using common::time_words;

constexpr std::int64_t day = 86'400;

// Rounded down: what ended a second ago has not "0 days left".
std::int64_t whole_days(std::int64_t seconds) {
  return seconds / day - (seconds % day < 0 ? 1 : 0);
}

std::string end_words(const Certificate& one, std::int64_t days, std::int64_t now) {
  if (one.not_after < now) return one.subject + " expired on " + time_words(one.not_after);
  return one.subject + " expires in " + std::to_string(days) + (days == 1 ? " day" : " days") +
         ", on " + time_words(one.not_after);
}

}  // namespace

Expiry expiry_of(const std::vector<Certificate>& certificates, std::int64_t now) {
  const auto& first = common::first_to_expire(certificates);
  const auto days = whole_days(first.not_after - now);
  const auto of_several = certificates.size() == 1
                              ? std::string()
                              : " (" + std::to_string(certificates.size()) + " certificates)";
  const bool has_expired = first.not_after < now;
  const auto early = std::find_if(certificates.begin(), certificates.end(),
                                  [now](const auto& one) { return one.not_before > now; });
  if (!has_expired && early != certificates.end()) {
    return {days, false,
            early->subject + " is not valid before " + time_words(early->not_before) + of_several};
  }
  return {days, !has_expired, end_words(first, days, now) + of_several};
}

}  // namespace shoal::cert_file
