// Where each tag's messages go now: to its channel, or, while Slack refuses that one, to the
// webhook's own with a remark, so that an alert is heard all the same. For the thread of the call.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tags.h"

namespace shoal::slack {

class Addresses {
 public:
  explicit Addresses(Tags tags) : tags_(std::move(tags)) {}

  std::size_t tag_of(std::string_view job) const { return tags_.index_of(job); }

  struct Address {
    slack::Address to;
    std::string remark;  // in front of the message; may be empty
  };
  Address address_of(std::size_t tag, std::int64_t now_ns) const;

  // The channel of `tag` is not tried again for some minutes.
  void refuse(std::size_t tag, const std::string& reason, std::int64_t now_ns);

 private:
  struct Refusal {
    std::string reason;
    std::int64_t until_ns;
  };

  Tags tags_;
  std::map<std::size_t, Refusal> refusals_;
};

}  // namespace shoal::slack
