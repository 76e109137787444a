#include "http/conversation.h"

#include <array>
#include <istream>

#include <Poco/Net/HTTPChunkedStream.h>
#include <Poco/Net/HTTPFixedLengthStream.h>
#include <Poco/Net/HTTPHeaderStream.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>
#include <fmt/core.h>

#include "base/log.h"

namespace shoal::http {
namespace {

namespace net = Poco::Net;

constexpr int most_headers = 100;
// Of a body that is too long so much is read past, so that the peer sees the answer.
constexpr std::streamsize most_passed_over = 4 << 20;
constexpr int most_requests = 10'000;

net::HTTPServerParams::Ptr parameters_of(const ServerSettings& settings) {
  net::HTTPServerParams::Ptr parameters(new net::HTTPServerParams);
  const Poco::Timespan patience(static_cast<long>(settings.patience.count()), 0);
  parameters->setKeepAlive(settings.keeps_alive);
  parameters->setMaxKeepAliveRequests(most_requests);
  parameters->setTimeout(patience);
  parameters->setKeepAliveTimeout(patience);
  return parameters;
}

void pass_over(std::istream& rest) {
  rest.ignore(most_passed_over);
}

void read_text(std::istream& stream, std::size_t longest, Request& request) {
  std::array<char, 4096> chunk{};
  while (stream && request.body.size() <= longest) {
    stream.read(chunk.data(), chunk.size());
    request.body.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
  }
  request.is_too_long = request.body.size() > longest;
  if (request.is_too_long) pass_over(stream);
}

class Conversation {
 public:
  Conversation(const net::StreamSocket& socket, const ServerSettings& settings,
               const Server::Handler& handler, const Occasion& occasion)
      : session_(socket, parameters_of(settings)),
        settings_(settings),
        handler_(handler),
        occasion_(occasion) {
    // Whoever does not read their answers is not waited for either.
    session_.socket().setSendTimeout(
        Poco::Timespan(static_cast<long>(settings.patience.count()), 0));
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;
  // The server closes the socket.
  ~Conversation() { session_.detachSocket(); }

  void run() {
    while (session_.hasMoreRequests()) {
      try {
        answer_one();
      } catch (const net::NoMessageException&) {
        return;  // The peer has said all it had to say.
      } catch (const net::MessageException& error) {
        return refuse(error.displayText());
      } catch (const Poco::SyntaxException& error) {
        return refuse(error.displayText());
      }
    }
  }

 private:
  void answer_one() {
    net::HTTPRequest header;
    header.setFieldLimit(most_headers);
    {
      net::HTTPHeaderInputStream stream(session_);
      header.read(stream);
    }
    const Request request = read(header);
    session_.setKeepAlive(settings_.keeps_alive && header.getKeepAlive() && !request.is_too_long &&
                          !occasion_.is_crowded());
    reply(handler_(request));
  }

  void refuse(const std::string& reason) {
    session_.setKeepAlive(false);
    if (occasion_.is_over()) return;
    reply({.status = 400,
           .content_type = "text/plain; charset=utf-8",
           .body = "this is no HTTP request that is understood here: " + reason + "\n"});
  }

  Request read(const net::HTTPRequest& header) {
    Request request{.method = header.getMethod(), .path = header.getURI()};
    if (const auto mark = request.path.find('?'); mark != std::string::npos) {
      request.query = request.path.substr(mark + 1);
      request.path.resize(mark);
    }
    require_known_framing(header);
    const bool is_chunked = header.getChunkedTransferEncoding();
    const Poco::Int64 length =
        is_chunked || !header.hasContentLength() ? 0 : header.getContentLength64();
    // Clients that ask wait for this before they send the body.
    const bool may_send = length <= static_cast<Poco::Int64>(settings_.longest_body);
    if (header.getExpectContinue() && may_send) send("HTTP/1.1 100 Continue\r\n\r\n");
    if (is_chunked) {
      net::HTTPChunkedInputStream stream(session_);
      read_text(stream, settings_.longest_body, request);
    } else if (length > 0) {
      net::HTTPFixedLengthInputStream stream(session_, length);
      read_text(stream, settings_.longest_body, request);
      const auto came = static_cast<Poco::Int64>(request.body.size());
      if (!request.is_too_long && came < length) {
        throw net::MessageException(
            fmt::format("expected a body of {} bytes, {} came", length, came));
      }
    }
    return request;
  }

  // A body that is passed over would be read as the next request.
  static void require_known_framing(const net::HTTPRequest& header) {
    const std::string& coding = header.getTransferEncoding();
    const bool is_known = coding == net::HTTPMessage::IDENTITY_TRANSFER_ENCODING ||
                          header.getChunkedTransferEncoding();
    if (!is_known) throw net::MessageException("transfer encoding " + coding + " is not known");
    if (header.hasContentLength() && header.getContentLength64() < 0) {
      throw net::MessageException("the length of the body is negative");
    }
  }

  void reply(const Answer& answer) {
    const auto status = static_cast<net::HTTPResponse::HTTPStatus>(answer.status);
    std::string text = fmt::format(
        "HTTP/1.1 {} {}\r\nServer: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: "
        "{}\r\n",
        answer.status, net::HTTPResponse::getReasonForStatus(status), settings_.name,
        answer.content_type, answer.body.size(), session_.getKeepAlive() ? "keep-alive" : "close");
    for (const auto& [name, value] : answer.headers) text += fmt::format("{}: {}\r\n", name, value);
    send(text + "\r\n" + answer.body);
  }

  void send(const std::string& text) {
    for (std::size_t sent = 0; sent < text.size();) {
      const auto left = static_cast<int>(text.size() - sent);
      sent += static_cast<std::size_t>(session_.socket().sendBytes(text.data() + sent, left));
    }
  }

  net::HTTPServerSession session_;
  const ServerSettings& settings_;
  const Server::Handler& handler_;
  const Occasion& occasion_;
};

}  // namespace

void converse(const net::StreamSocket& socket, const ServerSettings& settings,
              const Server::Handler& handler, const Occasion& occasion) {
  try {
    Conversation(socket, settings, handler, occasion).run();
  } catch (const Poco::Exception& error) {
    log::debug("http server: {}", error.displayText());
  }
}

}  // namespace shoal::http
