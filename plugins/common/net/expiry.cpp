#include "common/net/expiry.h"

#include <algorithm>

#include <shoal/plugin.hpp>

namespace shoal::common {
namespace {

constexpr std::int64_t day = 86'400;

// Rounded down: what ended a second ago has not "0 days left".
std::int64_t whole_days(std::int64_t seconds) {
  return seconds / day - (seconds % day < 0 ? 1 : 0);
}

// Whoever issued it chose its length; a character is not cut in two.
std::string shortened(const std::string& subject) {
  constexpr std::size_t longest = 200;
  if (subject.size() <= longest) return subject;
  auto end = longest;
  while (end > 0 && (static_cast<unsigned char>(subject[end]) & 0xc0U) == 0x80U) --end;
  return subject.substr(0, end) + "...";
}

std::string end_words(const Certificate& one, std::int64_t days, std::int64_t now) {
  const auto subject = shortened(one.subject);
  if (one.not_after < now) return subject + " expired on " + time_words(one.not_after);
  return subject + " expires in " + std::to_string(days) + (days == 1 ? " day" : " days") +
         ", on " + time_words(one.not_after);
}

}  // namespace

std::uint32_t Expiry::status(const Thresholds& thresholds) const {
  return is_valid ? thresholds.status_of(static_cast<double>(days)) : SHOAL_CHECK_CRITICAL;
}

Expiry expiry_of(const std::vector<Certificate>& certificates, std::int64_t now) {
  const auto& first = first_to_expire(certificates);
  const auto days = whole_days(first.not_after - now);
  const auto of_several = certificates.size() == 1
                              ? std::string()
                              : " (" + std::to_string(certificates.size()) + " certificates)";
  const bool has_expired = first.not_after < now;
  const auto early = std::find_if(certificates.begin(), certificates.end(),
                                  [now](const auto& one) { return one.not_before > now; });
  if (!has_expired && early != certificates.end()) {
    return {days, false,
            shortened(early->subject) + " is not valid before " + time_words(early->not_before) +
                of_several};
  }
  return {days, !has_expired, end_words(first, days, now) + of_several};
}

}  // namespace shoal::common
