#include "http/server.h"

#include <atomic>
#include <cerrno>
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
  using Connections = std::list<net::StreamSocket>;

  State(EventLoop& event_loop, ListenAddress place, ServerSettings ours, Handler answering)
      : loop(event_loop),
        address(std::move(place)),
        settings(std::move(ours)),
        handler(std::move(answering)) {}

  void watch();
  void rest();
  void accept();
  void suffer(const std::string& reason);
  void serve_on_a_thread(const net::StreamSocket& connection);
  void serve(Connections::iterator connection);
  void end(Connections::iterator connection);
  void stop();
  void shut_down(void (net::StreamSocket::*how)());
  bool is_full() const { return static_cast<int>(connections.size()) >= settings.most_connections; }

  EventLoop& loop;
  const ListenAddress address;
  const ServerSettings settings;
  const Handler handler;
  net::ServerSocket socket;
  bool is_short_of_something = false;     // the loop thread's
  std::atomic<bool> is_watching = false;  // changed by the loop thread
  std::atomic<bool> is_stopped = false;

  std::mutex mutex;
  std::condition_variable ended;
  Connections connections;  // under the mutex
};

void Server::State::watch() {
  if (is_stopped || is_watching.exchange(true)) return;
  loop.watch(socket.impl()->sockfd(), [this] { accept(); });
}

void Server::State::rest() {
  if (is_watching.exchange(false)) loop.unwatch(socket.impl()->sockfd());
}

void Server::State::accept() {
  try {
    serve_on_a_thread(socket.acceptConnection());
    is_short_of_something = false;
  } catch (const Poco::Exception& error) {
    // EAGAIN, ECONNABORTED: the peer went away between readiness and accept.
    if (error.code() != EAGAIN && error.code() != ECONNABORTED) suffer(error.displayText());
  } catch (const std::system_error& error) {
    suffer(error.what());
  }
}

// Descriptors or threads are short: a connection that ends gives some back.
void Server::State::suffer(const std::string& reason) {
  if (!std::exchange(is_short_of_something, true)) {
    log::warning("socket {}: cannot accept: {}", to_text(address), reason);
  }
  const std::lock_guard lock(mutex);
  if (!connections.empty()) rest();
}

void Server::State::serve_on_a_thread(const net::StreamSocket& connection) {
  const std::lock_guard lock(mutex);
  const auto place = connections.insert(connections.end(), connection);
  try {
    std::thread([self = shared_from_this(), place] { self->serve(place); }).detach();
  } catch (const std::system_error&) {
    connections.erase(place);
    throw;
  }
  if (is_full()) rest();
}

void Server::State::serve(Connections::iterator connection) {
  const Occasion occasion{.is_over = [this] { return is_stopped.load(); },
                          .is_crowded =
                              [this] {
                                const std::lock_guard lock(mutex);
                                return is_full();
                              }};
  try {
    converse(*connection, settings, handler, occasion);
  } catch (const std::exception& error) {
    log::warning("socket {}: {}", to_text(address), error.what());
  }
  end(connection);
}

void Server::State::end(Connections::iterator connection) {
  const std::lock_guard lock(mutex);
  connections.erase(connection);
  if (!is_watching) {
    loop.post([self = weak_from_this()] {
      if (const auto state = self.lock()) state->watch();
    });
  }
  ended.notify_all();
}

void Server::State::shut_down(void (net::StreamSocket::*how)()) {
  for (net::StreamSocket& connection : connections) {
    try {
      (connection.*how)();
    } catch (const Poco::Exception&) {
      // It has just ended by itself.
    }
  }
}

void Server::State::stop() {
  is_stopped = true;
  rest();
  socket.close();
  if (!address.path.empty()) ::unlink(address.path.c_str());
  std::unique_lock lock(mutex);
  const auto all_ended = [this] { return connections.empty(); };
  // Whoever only waits for a next request sees the end; what came is still answered.
  shut_down(&net::StreamSocket::shutdownReceive);
  if (ended.wait_for(lock, settings.patience, all_ended)) return;
  shut_down(&net::StreamSocket::shutdown);
  ended.wait(lock, all_ended);
}

Server::Server(EventLoop& loop, ListenAddress address, ServerSettings settings, Handler handler)
    : state_(std::make_shared<State>(loop, std::move(address), std::move(settings),
                                     std::move(handler))) {
  listen(state_->socket, state_->address);
}

void Server::start() {
  state_->watch();
}

Server::~Server() {
  state_->stop();
}

const ListenAddress& Server::address() const {
  return state_->address;
}

}  // namespace shoal::http
