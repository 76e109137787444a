// Whatever bytes come over the socket between the agent and a plugin's process: each frame is
// refused with WireError or taken, and a message that was taken is told again in the same words.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>
#include <variant>

#include <sys/socket.h>

#include "plugin/wire/channel.h"
#include "plugin/wire/messages.h"

namespace {

using namespace shoal;
using namespace shoal::plugin;

std::string told(const wire::Request& message) {
  return wire::to_json(message);
}
std::string told(const wire::Answer& message) {
  return wire::to_json(message, wire::Service::http_request);
}
template <class Message>
std::string told(const Message& message) {
  return wire::to_json(message);
}

// What was left out of a message gets its default the first time, and keeps it.
template <class Parse>
void tell_again(Parse parse, std::string_view json) {
  const auto tell = [](const auto& message) { return told(message); };
  std::string first;
  try {
    first = std::visit(tell, parse(json));
  } catch (const wire::WireError&) {
    return;
  }
  if (std::visit(tell, parse(first)) != first) std::abort();
}

void take_frames(std::string_view bytes) {
  auto [ours, theirs] = wire::open_socket_pair();
  wire::Channel channel(std::move(ours));
  // Less than a socket holds, so that it need not wait.
  if (write(theirs.get(), bytes.data(), bytes.size()) < 0) return;
  theirs.reset();
  channel.receive();
  try {
    while (const auto frame = channel.take()) {
      tell_again(wire::parse_from_plugin, *frame);
      tell_again(wire::parse_from_agent, *frame);
    }
  } catch (const wire::WireError&) {
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  tell_again(wire::parse_from_plugin, bytes);
  tell_again(wire::parse_from_agent, bytes);
  if (size < 64 * 1024) take_frames(bytes);
  return 0;
}
