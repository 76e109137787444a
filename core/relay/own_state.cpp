#include "relay/own_state.h"

#include <fstream>
#include <malloc.h>
#include <thread>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace shoal::relay {
namespace {

std::uint64_t thread_count() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    std::uint64_t count = 0;
    if (word == "Threads:" && status >> count) return count;
  }
  return 0;
}

// A JSON string is a basic string of TOML.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string runtime_json(const Clock& clock) {
  const auto processors = std::thread::hardware_concurrency();
  const struct mallinfo2 heap = ::mallinfo2();
  const std::uint64_t from_system = heap.arena + heap.hblkhd;
  const std::uint64_t in_use = heap.uordblks + heap.hblkhd;
  const nlohmann::ordered_json stats{{"time", unix_nanoseconds(clock.wall())},
                                     {"cpu_num", processors},
                                     {"goroutine_num", thread_count()},
                                     {"gomaxprocs", processors},
                                     {"memory_alloc", in_use},
                                     {"memory_sys", from_system},
                                     {"heap_alloc", in_use},
                                     {"heap_sys", from_system},
                                     {"heap_idle", heap.fordblks},
                                     {"heap_inuse", in_use}};
  return stats.dump(4);
}

std::string to_toml(const config::RelaySettings& settings) {
  const bool is_unix = !settings.listen.path.empty();
  std::string text =
      fmt::format("[core]\nport = {}\nslack_url = \"...\"\nqps = {}\n",
                  quoted((is_unix ? "unix:" : "") + to_text(settings.listen)), settings.rate);
  for (const config::RelayTag& tag : settings.tags) {
    for (const std::string& channel : tag.channels) {
      text += fmt::format(
          "\n[[tags]]\ntag = {}\nchannel = {}\nusername = {}\nicon_emoji = {}\nparse = {}\n",
          quoted(tag.name), quoted(channel), quoted(tag.username), quoted(tag.icon_emoji),
          quoted(tag.parse));
    }
  }
  return text;
}

}  // namespace shoal::relay
