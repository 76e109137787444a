// A connected byte stream that never blocks: the network below HTTP, plain or TLS. It says what it
// waits for; who calls does the waiting. Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/unique_fd.h"

namespace shoal::plugin {

struct ChannelStep {
  enum class Kind {
    moved,         // `bytes` were read or written; of a handshake: it is done
    ended,         // the peer says there is no more to read
    needs_input,   // nothing yet: try again when the descriptor is readable
    needs_output,  // likewise, writable
    failed         // for good; `fault` says why
  };
  Kind kind = Kind::moved;
  std::size_t bytes = 0;
  std::string fault;
};

class Channel {
 public:
  virtual ~Channel() = default;
  virtual int fd() const = 0;
  // To be brought to `moved` before anything is read or written.
  virtual ChannelStep handshake() = 0;
  virtual ChannelStep read(char* data, std::size_t size) = 0;
  virtual ChannelStep write(const char* data, std::size_t size) = 0;
};

// `fd` is a connected, non-blocking socket.
std::unique_ptr<Channel> make_plain_channel(UniqueFd fd);

}  // namespace shoal::plugin
