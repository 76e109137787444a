// One TCP or unix connection: opened, spoken to and listened to without ever waiting past a
// deadline, bare or through a layer such as TLS. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/deadline.h"
#include "common/net/address.h"

namespace shoal::common {

enum class Result {
  good,
  refused,     // somebody said no
  timed_out,   // nobody said anything
  broken,      // it began well and then ended
  impossible,  // this host could not even try
};

// What one attempt at a transfer that does not wait came to.
struct Transfer {
  std::size_t bytes = 0;  // moved; 0 with nothing else set: the peer has closed
  short wanted = 0;       // POLLIN or POLLOUT: nothing moved, try again when this is so
  std::string fault;      // it went wrong, and how
};

// What lies between a connection and its socket, such as TLS.
class Layer {
 public:
  virtual ~Layer() = default;
  // Agrees with the peer; asked again until nothing is wanted.
  virtual Transfer agree(int fd) = 0;
  virtual Transfer read(char* data, std::size_t size) = 0;
  virtual Transfer write(std::string_view text) = 0;
};

// Waits until the socket is ready for `events`, at most `patience`; false if it is not. Throws the
// Failure of a cancelled round.
bool wait_for(int fd, short events, std::chrono::milliseconds patience, const Deadline& deadline);

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Tries the addresses in their order and divides the time among them. Anything but good: fault()
  // says why.
  Result open(const std::vector<Address>& addresses, const Deadline& deadline);

  // Puts the layer between: from now on everything goes through it. What was received before is
  // forgotten, so that nothing said in the clear passes for a protected answer.
  Result secure(std::unique_ptr<Layer> layer, const Deadline& deadline);

  Result send(std::string_view text, const Deadline& deadline);

  // Reads until `is_enough` of received(), until the peer closes or `most_bytes` are there (good in
  // each case), or until the time is over. Reads nothing if there is enough already.
  Result receive(const std::function<bool(std::string_view)>& is_enough, std::size_t most_bytes,
                 const Deadline& deadline);

  // Takes the next line into `line`, without its end. One longer than `most_bytes` and the end of
  // the peer before the line's are broken.
  Result receive_line(std::string& line, std::size_t most_bytes, const Deadline& deadline);

  // What has come and was not taken yet.
  const std::string& received() const { return received_; }
  // Takes the first bytes of received().
  std::string take(std::size_t bytes);

  const std::string& fault() const { return fault_; }
  // Non-blocking; for libraries that speak for themselves. Stays the connection's.
  int fd() const { return fd_; }

 private:
  Result open_one(const Address& address, std::chrono::milliseconds patience,
                  const Deadline& deadline);
  Transfer read(char* data, std::size_t size);
  Transfer write(std::string_view text);
  Result fail(Result result, const std::string& reason);
  Result fail_with(int error);
  void close();

  int fd_ = -1;
  std::unique_ptr<Layer> layer_;
  std::string received_;
  std::string fault_;
};

}  // namespace shoal::common
