#include "http/server.h"

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>
#include <unistd.h>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include "base/log.h"
#include "http/conversation.h"
#include "http/listener.h"

namespace shoal::http {

namespace net = Poco::Net;

// Shared with the connections' threads: the last of them may end when the server is gone.
struct Server::State : std::enable_shared_from_this<Server::State> {
  State(EventLoop& event_loop, ListenAddress place, ServerSettings ours, Handler answering)
      : loop(event_loop),
        address(std::move(place)),
        settings(std::move(ours)),
        handler(std::move(answering)) {}

  void watch();
  void rest();
  void accept();
  void serve(std::list<net::StreamSocket>::iterator connection);
  void end(std::list<net::StreamSocket>::iterator connection);
  void stop();

  EventLoop& loop;
  const ListenAddress address;
  const ServerSettings settings;
  const Handler handler;
  net::ServerSocket socket;
  bool is_watching = false;  // the loop thread's, as the next
  bool is_stopped = false;

  std::mutex mutex;
  std::condition_variable ended;
  std::list<net::StreamSocket> connections;  // under the mutex
};

void Server::State::watch() {
  if (is_watching || is_stopped) return;
  is_watching = true;
  loop.watch(socket.impl()->sockfd(), [this] { accept(); });
}

void Server::State::rest() {
  if (std::exchange(is_watching, false)) loop.unwatch(socket.impl()->sockfd());
}

void Server::State::accept() {
  try {
    const net::StreamSocket connection = socket.acceptConnection();
    const std::lock_guard lock(mutex);
    const auto place = connections.insert(connections.end(), connection);
    if (connections.size() >= static_cast<std::size_t>(settings.most_connections)) rest();
    std::thread([self = shared_from_this(), place] { self->serve(place); }).detach();
  } catch (const Poco::Exception&) {
    // The peer went away between readiness and accept.
  } catch (const std::system_error& error) {
    log::warning("socket {}: {}", to_text(address), error.what());
  }
}

void Server::State::serve(std::list<net::StreamSocket>::iterator connection) {
  try {
    converse(*connection, settings, handler);
  } catch (const std::exception& error) {
    log::warning("socket {}: {}", to_text(address), error.what());
  }
  end(connection);
}

void Server::State::end(std::list<net::StreamSocket>::iterator connection) {
  const std::lock_guard lock(mutex);
  const bool was_full = connections.size() >= static_cast<std::size_t>(settings.most_connections);
  connections.erase(connection);
  if (was_full) {
    loop.post([self = weak_from_this()] {
      if (const auto state = self.lock()) state->watch();
    });
  }
  ended.notify_all();
}

void Server::State::stop() {
  is_stopped = true;
  rest();
  socket.close();
  if (!address.path.empty()) ::unlink(address.path.c_str());
  std::unique_lock lock(mutex);
  // Whoever only waits for a next request sees the end; what came is still answered.
  for (net::StreamSocket& connection : connections) {
    try {
      connection.shutdownReceive();
    } catch (const Poco::Exception&) {
      // It has just ended by itself.
    }
  }
  ended.wait(lock, [this] { return connections.empty(); });
}

Server::Server(EventLoop& loop, ListenAddress address, ServerSettings settings, Handler handler)
    : state_(std::make_shared<State>(loop, std::move(address), std::move(settings),
                                     std::move(handler))) {
  listen(state_->socket, state_->address);
  state_->watch();
}

Server::~Server() {
  state_->stop();
}

const ListenAddress& Server::address() const {
  return state_->address;
}

}  // namespace shoal::http
