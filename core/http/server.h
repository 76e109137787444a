// A small HTTP/1.1 server for callers on this host. Accepts on the loop thread, answers each
// connection on a thread of its own, so an idle one costs nothing and wakes nobody. Knows nothing
// of what is asked: the handler does.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/event_loop.h"
#include "base/listen_address.h"

namespace shoal::http {

struct Request {
  std::string method;
  std::string path;   // without the query
  std::string query;  // behind the "?"
  std::string body;   // whole, or the beginning of one that is too long
  bool is_too_long = false;
};

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // further ones
};

struct ServerSettings {
  int most_connections = 8;  // further ones wait until one of these ends
  std::size_t longest_body = std::size_t{64} << 10;
  bool keeps_alive = false;           // several requests over one connection
  std::string name = "shoal";         // the header "Server"
  std::chrono::seconds patience{10};  // between any two reads, and for the next request
};

class Server {
 public:
  // Called on the connections' threads; must be thread-safe, and is called for no request that is
  // not HTTP: that gets 400.
  using Handler = std::function<Answer(const Request& request)>;

  // Listens, so that callers may connect, and lets them wait until start(). Throws Error that names
  // the address when it cannot listen there.
  Server(EventLoop& loop, ListenAddress address, ServerSettings settings, Handler handler);
  // On the loop thread.
  void start();
  // Stops listening, removes a unix socket, lets requests in progress end, for as long as the
  // settings have patience. On the loop thread, or when the loop does not run.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const ListenAddress& address() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace shoal::http
