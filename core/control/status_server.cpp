#include "control/status_server.h"

#include <utility>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <fmt/core.h>

#include "base/error.h"

namespace shoal::control {
namespace {

namespace net = Poco::Net;

http::Server::Handler answer_with(StatusServer::Handler handler) {
  return [handler = std::move(handler)](const http::Request& request) {
    return handler(request.method, request.path, request.body);
  };
}

}  // namespace

StatusServer::StatusServer(EventLoop& loop, std::string socket_path, Handler handler)
    : server_(loop, {.path = std::move(socket_path)}, {}, answer_with(std::move(handler))) {
  server_.start();
}

const std::string& StatusServer::socket_path() const {
  return server_.address().path;
}

Answer ask(const std::string& socket_path, const std::string& method, const std::string& path,
           const std::string& body) {
  net::StreamSocket socket;
  try {
    socket.connect(net::SocketAddress(net::SocketAddress::UNIX_LOCAL, socket_path));
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
