// One question and its answer over a channel, as long as patience lasts. Knows no pool and no
// retries. For the thread of the call.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugin/http/channel.h"
#include "plugin/http/patience.h"
#include "plugin/http/reader.h"

namespace shoal::plugin {

// Throws HttpFailure.
void shake_hands(Channel& channel, const Patience& patience);

// True once all of `bytes` are sent; false if the peer gave up the connection, why is in `fault`.
// Throws HttpFailure when patience ends.
bool send(Channel& channel, std::string_view bytes, const Patience& patience, std::string& fault);

// Fills `reader` with a whole answer and returns true. False if the peer gave up the connection
// before the first byte, why is in `fault`. Throws HttpFailure for an answer that breaks off or is
// none, and when patience ends.
bool receive(Channel& channel, HttpReader& reader, const Patience& patience, std::string& fault);

}  // namespace shoal::plugin
