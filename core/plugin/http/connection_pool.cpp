#include "plugin/http/connection_pool.h"

#include <algorithm>
#include <poll.h>

namespace shoal::plugin {
namespace {

// Nothing is asked, so whatever can be read is the end of the connection, or rubbish.
bool is_open(const Channel& channel) {
  pollfd entry{channel.fd(), POLLIN, 0};
  return ::poll(&entry, 1, 0) == 0;
}

}  // namespace

std::unique_ptr<Channel> ConnectionPool::take(const std::string& key, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const Entry& entry) {
    return now - entry.idle_since > longest_idle || !is_open(*entry.channel);
  });
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(),
                                  [&](const Entry& entry) { return entry.key == key; });
  if (found == entries_.rend()) return nullptr;
  auto channel = std::move(found->channel);
  entries_.erase(std::next(found).base());
  return channel;
}

void ConnectionPool::put(const std::string& key, std::unique_ptr<Channel> channel, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() == most) entries_.erase(entries_.begin());
  entries_.push_back({key, std::move(channel), now});
}

}  // namespace shoal::plugin
