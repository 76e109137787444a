#include "addresses.h"

#include "slack_text.h"

namespace shoal::slack {

constexpr std::int64_t refusal_ns = 600'000'000'000;

Addresses::Address Addresses::address_of(std::size_t tag, std::int64_t now_ns) const {
  const auto& wanted = tags_[tag].address;
  const auto refusal = refusals_.find(tag);
  if (refusal == refusals_.end() || now_ns >= refusal->second.until_ns) return {wanted, ""};
  auto instead = wanted;
  instead.channel.clear();
  return {instead, "(for " + escaped(wanted.channel) + ": " + refusal->second.reason + ") "};
}

void Addresses::refuse(std::size_t tag, const std::string& reason, std::int64_t now_ns) {
  refusals_[tag] = {reason, now_ns + refusal_ns};
}

}  // namespace shoal::slack
