#include "common/random.h"

#include <cerrno>
#include <system_error>

#include <sys/random.h>

#include <shoal/plugin.hpp>

namespace shoal::common {

void fill_random(void* bytes, std::size_t size) {
  auto* const start = static_cast<char*>(bytes);
  for (std::size_t filled = 0; filled < size;) {
    // It does not wait: a check has a deadline, and a kernel without entropy keeps none.
    const auto got = ::getrandom(start + filled, size - filled, GRND_NONBLOCK);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Failure("no random bytes: " + std::generic_category().message(errno));
    filled += static_cast<std::size_t>(got);
  }
}

}  // namespace shoal::common
