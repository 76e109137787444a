// A message as Slack's incoming webhooks take it. Pure function.
#pragma once

#include <string>

#include "message.h"
#include "tags.h"

namespace shoal::slack {

// JSON in UTF-8. `remark` stands in front of the text; may be empty.
std::string payload_of(const Message& message, const Address& address, const std::string& remark);

}  // namespace shoal::slack
