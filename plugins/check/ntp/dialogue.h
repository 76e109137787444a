// Question and answer over UDP; the question is asked again when no answer comes. Knows nothing of
// what is said. Not thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/deadline.h"
#include "common/net/address.h"

namespace shoal::ntp {

struct Dialogue {
  // A new question; called before each try.
  std::function<std::string()> ask;
  // Whether the datagram answers the last question; others are passed over.
  std::function<bool(std::string_view)> take;
};

// Until an answer is taken. False: `fault` says why there is none by the deadline.
bool converse(const common::Address& peer, const Dialogue& dialogue,
              const common::Deadline& deadline, std::string& fault);

}  // namespace shoal::ntp
