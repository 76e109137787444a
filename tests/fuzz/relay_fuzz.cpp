// What is posted to the relay: POST /notify and /notify-directly.
#include <cstdint>
#include <string_view>

#include "relay/message.h"

using namespace shoal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<config::RelayTag> tags{{.name = "ops"}, {.name = "a"}};
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  relay::read_notify(body, tags);
  relay::read_notify_directly(body);
  return 0;
}
