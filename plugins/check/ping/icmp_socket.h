// A socket that sends ICMP echoes to one address and waits for their replies: of the kind that any
// user of net.ipv4.ping_group_range may open, or a raw one. Not thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "common/deadline.h"
#include "common/net/address.h"
#include "echo.h"

namespace shoal::ping {

enum class Outcome {
  replied,
  lost,        // no reply, or somebody on the way says that there will be none
  impossible,  // this host could not even try
};

struct Trip {
  Outcome outcome = Outcome::lost;
  std::chrono::duration<double> time{};  // if it was replied to
  std::string fault;                     // else; empty if nobody said anything
};

class IcmpSocket {
 public:
  // Takes over `fd`: a datagram socket that is connected and does not block.
  IcmpSocket(int fd, Wire wire) : fd_(fd), wire_(wire) {}
  IcmpSocket(const IcmpSocket&) = delete;
  IcmpSocket& operator=(const IcmpSocket&) = delete;
  ~IcmpSocket();

  // Sends the echo and waits for its reply, at most `patience`.
  Trip exchange(const Echo& echo, std::chrono::milliseconds patience,
                const common::Deadline& deadline) const;

 private:
  // What the next packet came to; nothing but `lost` without a fault: it was another one.
  Trip read(const Echo& echo) const;

  int fd_;
  Wire wire_;
};

// nullptr: `failed` says why.
std::unique_ptr<IcmpSocket> open_icmp(const common::Address& address, Trip& failed);

}  // namespace shoal::ping
