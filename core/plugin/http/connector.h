// From a host name to a connected socket, as long as patience lasts. Name lookups cannot be
// cancelled, so each runs in a thread of its own, which is left behind when nobody waits any more.
// Thread-safe.
#pragma once

#include <atomic>
#include <memory>

#include "base/unique_fd.h"
#include "plugin/http/patience.h"
#include "plugin/http/target.h"

namespace shoal::plugin {

class Connector {
 public:
  // A connected, non-blocking socket to the target itself (not its proxy). Tries all its addresses.
  // Throws HttpFailure.
  UniqueFd connect(const HttpTarget& target, const Patience& patience);

 private:
  // Lookups under way, also those that nobody waits for; outlives us as long as they do.
  std::shared_ptr<std::atomic<int>> lookups_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace shoal::plugin
