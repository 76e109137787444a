#include "plugin/http/conversation.h"

#include <array>
#include <poll.h>

#include <fmt/core.h>

#include "plugin/http/failure.h"

namespace shoal::plugin {
namespace {

using Step = ChannelStep::Kind;

// Waits for what the step asks for; false if it asks for nothing.
bool wait_for(const ChannelStep& step, const Channel& channel, const Patience& patience) {
  patience.check();
  if (step.kind == Step::needs_input) patience.wait(channel.fd(), POLLIN);
  if (step.kind == Step::needs_output) patience.wait(channel.fd(), POLLOUT);
  return step.kind == Step::needs_input || step.kind == Step::needs_output;
}

}  // namespace

void shake_hands(Channel& channel, const Patience& patience) {
  ChannelStep step;
  do {
    step = channel.handshake();
  } while (wait_for(step, channel, patience));
  if (step.kind == Step::failed) {
    throw HttpFailure(CallStatus::retry, fmt::format("no TLS: {}", step.fault));
  }
}

bool send(Channel& channel, std::string_view bytes, const Patience& patience, std::string& fault) {
  while (!bytes.empty()) {
    const auto step = channel.write(bytes.data(), bytes.size());
    if (wait_for(step, channel, patience)) continue;
    if (step.kind == Step::failed) {
      fault = step.fault;
      return false;
    }
    bytes.remove_prefix(step.bytes);
  }
  return true;
}

bool receive(Channel& channel, HttpReader& reader, const Patience& patience, std::string& fault) {
  std::array<char, 16 << 10> buffer;
  bool has_begun = false;
  while (!reader.is_complete()) {
    const auto step = channel.read(buffer.data(), buffer.size());
    if (wait_for(step, channel, patience)) continue;
    if (step.kind == Step::failed && has_begun) throw HttpFailure(CallStatus::retry, step.fault);
    if (step.kind != Step::moved && !has_begun) {
      if (fault.empty()) fault = step.fault.empty() ? "closed without an answer" : step.fault;
      return false;
    }
    if (step.kind == Step::ended) {
      reader.end();
    } else {
      reader.take({buffer.data(), step.bytes});
    }
    has_begun = true;
  }
  return true;
}

}  // namespace shoal::plugin
