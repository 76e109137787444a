// shoal notify: says what comes on standard input to a tag or channel, through the relay.
#include <iostream>
#include <iterator>

#include <fmt/core.h>

#include "agent/commands.h"
#include "agent/relay_client.h"
#include "base/error.h"

namespace shoal::agent {
namespace {

// What a relay takes, less what is around the text when each of its bytes is escaped. Slack itself
// shows much less.
constexpr std::size_t longest_text = std::size_t{40} << 10;

std::string read_input() {
  std::string text;
  for (char c = 0; std::cin.get(c);) {
    text += c;
    if (text.size() > longest_text) {
      throw Error(
          fmt::format("standard input: expected at most {} bytes, found more; Slack shows "
                      "no more of a message",
                      longest_text));
    }
  }
  if (text.empty()) throw Error("standard input: expected a text, found nothing");
  return text;
}

}  // namespace

int notify(const Arguments& arguments) {
  const Letter letter = letter_of(arguments, "message");
  const RelayClient client(arguments);
  client.post(letter, read_input());
  return 0;
}

}  // namespace shoal::agent
