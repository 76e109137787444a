// The sockets of a c-ares channel, which reads one for as long as datagrams come: a flood of them
// would keep it from ever coming back. Here only so many can be read in one step. Not thread-safe.
#pragma once

#include <ares.h>

namespace shoal::dns {

class BoundedSockets {
 public:
  static constexpr int most_reads = 64;

  // The channel has opened none yet; this outlives it.
  void serve(ares_channel channel);
  // Before each time that the channel shall read.
  void begin_step() { reads_left_ = most_reads; }

  // As recvfrom(), for c-ares; `self` is a BoundedSockets. EAGAIN once the step has had its reads.
  static ares_ssize_t receive(ares_socket_t fd, void* data, size_t size, int flags, sockaddr* from,
                              ares_socklen_t* from_size, void* self);

 private:
  int reads_left_ = most_reads;
};

}  // namespace shoal::dns
