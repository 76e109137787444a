#include "control/status_server.h"

#include <atomic>
#include <thread>
#include <unistd.h>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPServerConnection.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/log.h"

namespace shoal::control {
namespace {

namespace net = Poco::Net;

constexpr int most_connections = 8;
const Poco::Timespan connection_timeout(10, 0);

net::SocketAddress address_of(const std::string& path) {
  try {
    return net::SocketAddress(net::SocketAddress::UNIX_LOCAL, path);
  } catch (const Poco::Exception& error) {
    throw Error(fmt::format("socket {}: {}", path, error.displayText()));
  }
}

bool is_anyone_listening(const net::SocketAddress& address) {
  try {
    net::StreamSocket probe;
    probe.connect(address);
    return true;
  } catch (const Poco::Exception&) {
    return false;
  }
}

// What a killed agent left; anything but a socket is not ours to remove.
void remove_left_socket(const std::string& path) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) {
    throw Error(fmt::format("socket {}: there is a file that is no socket", path));
  }
  ::unlink(path.c_str());
}

// As much of it as any request of ours has. Without a length there is none.
std::string read_body(net::HTTPServerRequest& request) {
  constexpr std::size_t longest = 64 << 10;
  std::string body;
  if (!request.hasContentLength() || request.getContentLength() <= 0) return body;
  body.resize(longest);
  request.stream().read(body.data(), static_cast<std::streamsize>(longest));
  body.resize(static_cast<std::size_t>(request.stream().gcount()));
  return body;
}

class RequestHandler final : public net::HTTPRequestHandler {
 public:
  explicit RequestHandler(const StatusServer::Handler& handler) : handler_(handler) {}

  void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
    const std::string& uri = request.getURI();
    const std::string body = read_body(request);
    const Answer answer =
        handler_(request.getMethod(), std::string_view(uri).substr(0, uri.find('?')), body);
    response.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(answer.status));
    response.setContentType(answer.content_type);
    response.sendBuffer(answer.body.data(), answer.body.size());
  }

 private:
  const StatusServer::Handler& handler_;
};

class HandlerFactory final : public net::HTTPRequestHandlerFactory {
 public:
  explicit HandlerFactory(StatusServer::Handler handler) : handler_(std::move(handler)) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return new RequestHandler(handler_);
  }

 private:
  StatusServer::Handler handler_;
};

}  // namespace

struct StatusServer::State {
  State(EventLoop& event_loop, std::string path, Handler handler)
      : loop(event_loop),
        socket_path(std::move(path)),
        factory(new HandlerFactory(std::move(handler))),
        parameters(new net::HTTPServerParams) {
    parameters->setKeepAlive(false);
    parameters->setTimeout(connection_timeout);
  }

  void listen();
  void accept();
  void serve(const net::StreamSocket& connection);

  EventLoop& loop;
  std::string socket_path;
  net::ServerSocket socket;
  net::HTTPRequestHandlerFactory::Ptr factory;
  net::HTTPServerParams::Ptr parameters;
  // Shared with the connections' threads: the last one tells of its end when this may be gone.
  const std::shared_ptr<std::atomic<int>> connections = std::make_shared<std::atomic<int>>(0);
};

void StatusServer::State::listen() {
  const auto address = address_of(socket_path);
  if (is_anyone_listening(address)) {
    throw Error(
        fmt::format("socket {}: another agent listens there; stop it or give this one "
                    "another --socket",
                    socket_path));
  }
  remove_left_socket(socket_path);
  const mode_t old_mask = ::umask(0117);  // from the first moment 0660
  try {
    socket.bind(address, false);
    socket.listen();
  } catch (const Poco::Exception& error) {
    ::umask(old_mask);
    throw Error(fmt::format("socket {}: cannot listen: {}", socket_path, error.displayText()));
  }
  ::umask(old_mask);
  socket.setBlocking(false);
  loop.watch(socket.impl()->sockfd(), [this] { accept(); });
}

void StatusServer::State::accept() {
  try {
    net::StreamSocket connection = socket.acceptConnection();
    if (connections->load() >= most_connections)
      return;  // closed: the caller sees it and asks again
    ++*connections;
    std::thread([this, connection, open = connections] {
      serve(connection);
      --*open;
      open->notify_all();
    }).detach();
  } catch (const Poco::Exception&) {
    // The peer went away between readiness and accept.
  }
}

void StatusServer::State::serve(const net::StreamSocket& connection) {
  try {
    net::HTTPServerConnection(connection, parameters, factory).run();
  } catch (const Poco::Exception& error) {
    log::debug("status server: {}", error.displayText());
  } catch (const std::exception& error) {
    log::warning("status server: {}", error.what());
  }
}

StatusServer::StatusServer(EventLoop& loop, std::string socket_path, Handler handler)
    : state_(std::make_unique<State>(loop, std::move(socket_path), std::move(handler))) {
  state_->listen();
}

StatusServer::~StatusServer() {
  state_->loop.unwatch(state_->socket.impl()->sockfd());
  state_->socket.close();
  ::unlink(state_->socket_path.c_str());
  const std::atomic<int>& open = *state_->connections;
  for (int left = open; left > 0; left = open) open.wait(left);
}

const std::string& StatusServer::socket_path() const {
  return state_->socket_path;
}

Answer ask(const std::string& socket_path, const std::string& method, const std::string& path,
           const std::string& body) {
  net::StreamSocket socket;
  try {
    socket.connect(address_of(socket_path));
  } catch (const Poco::Exception& error) {
    throw Error(fmt::format("no agent answers at {}: {} (is it running, and as which --root?)",
                            socket_path, error.displayText()));
  }
  try {
    net::HTTPClientSession session(socket);
    session.setTimeout(Poco::Timespan(60, 0));
    net::HTTPRequest request(method, path, net::HTTPMessage::HTTP_1_1);
    request.setHost("shoal");
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    session.sendRequest(request) << body;
    net::HTTPResponse response;
    Answer answer;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.body);
    answer.status = response.getStatus();
    answer.content_type = response.getContentType();
    return answer;
  } catch (const Poco::Exception& error) {
    throw Error(fmt::format("agent at {}: {}", socket_path, error.displayText()));
  }
}

}  // namespace shoal::control
