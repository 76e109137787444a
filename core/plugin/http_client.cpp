#include "plugin/http_client.h"

#include <algorithm>
#include <fcntl.h>
#include <optional>

#include <fmt/core.h>

#include "base/error.h"
#include "plugin/http/conversation.h"
#include "plugin/http/failure.h"
#include "plugin/http/patience.h"
#include "plugin/http/reader.h"
#include "plugin/http/writer.h"

namespace shoal::plugin {
namespace {

// A body up to this travels in one piece with its head, not in a packet of its own.
constexpr std::size_t most_joined_bytes = 64 << 10;

std::chrono::milliseconds retry_after(const HttpHeaders& headers, WallTime now) {
  for (const auto& [name, value] : headers) {
    if (is_same_name(name, "retry-after")) return parse_retry_after(value, now);
  }
  return {};
}

// Has the proxy at the other end of `fd` pass everything on to `target`.
void dig_tunnel(const UniqueFd& fd, const HttpTarget& target, const HttpTarget& proxy,
                const Patience& patience) {
  UniqueFd copy(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) throw_errno("dup");
  const auto channel = make_plain_channel(std::move(copy));
  HttpReader reader(HttpReader::Body::none, 0);
  std::string fault;
  if (!send(*channel, tunnel_head(target, proxy), patience, fault) ||
      !receive(*channel, reader, patience, fault)) {
    throw HttpFailure(CallStatus::retry, fmt::format("no tunnel through the proxy: {}", fault));
  }
  const int status = reader.release().status;
  if (status < 200 || status > 299) {
    throw HttpFailure(CallStatus::retry, fmt::format("the proxy refuses a tunnel to {}: HTTP {}",
                                                     target.address(), status));
  }
}

}  // namespace

// One request on its way: where it goes, and what is being waited for.
struct HttpClient::Exchange {
  const HttpRequest& request;
  const Patience& patience;
  HttpTarget target;
  std::optional<HttpTarget> proxy;
  const char* stage = "";

  const HttpTarget& next_hop() const { return proxy ? *proxy : target; }

  // Connections are alike if they go the same way and were verified alike.
  std::string pool_key() const {
    return fmt::format("{} {} {} {} {}", target.is_tls, target.address(),
                       proxy ? proxy->credentials + "@" + proxy->address() : "", request.verify,
                       request.ca_file);
  }

  // The answer, or nothing if the peer gave up the connection before it began one.
  std::optional<HttpReader> converse(Channel& channel, std::string& fault) {
    HttpReader reader(
        request.method == "HEAD" ? HttpReader::Body::none : HttpReader::Body::by_header,
        request.max_response_bytes);
    stage = "sending the request";
    const auto* reading_proxy = proxy && !target.is_tls ? &*proxy : nullptr;
    auto bytes = request_head(request, target, reading_proxy);
    const bool fits = request.body.size() <= most_joined_bytes;
    if (fits) bytes += request.body;
    // A server may refuse before it has read everything, and close: its words count all the same.
    if (send(channel, bytes, patience, fault) && !fits) {
      send(channel, request.body, patience, fault);
    }
    stage = "waiting for the answer";
    if (!receive(channel, reader, patience, fault)) return std::nullopt;
    return reader;
  }

  // For people: who, and what it failed at. Wrong requests have no one to blame but themselves.
  std::string explain(const HttpFailure& failure, std::chrono::nanoseconds allowed) const {
    const auto peer = next_hop().address();
    switch (failure.status()) {
      case CallStatus::config:
        return failure.what();
      case CallStatus::cancelled:
        return fmt::format("{}: cancelled while {}", peer, stage);
      case CallStatus::deadline:
        return fmt::format("{}: gave up after {} ms while {}", peer,
                           std::chrono::round<std::chrono::milliseconds>(allowed).count(), stage);
      default:
        return fmt::format("{}: {}", peer, failure.what());
    }
  }
};

HttpOutcome HttpClient::request(const HttpRequest& request, SteadyTime deadline,
                                const std::atomic<std::uint32_t>& cancel) {
  const auto started = clock_.steady();
  const auto allowed = std::min<std::chrono::nanoseconds>(deadline - started, request.timeout);
  const Patience patience(clock_, started + allowed, cancel);
  Exchange exchange{request, patience, {}, {}};
  try {
    return {CallStatus::ok, {}, perform(exchange)};
  } catch (const HttpFailure& failure) {
    return {failure.status(), exchange.explain(failure, allowed), {}};
  }
}

HttpResponse HttpClient::perform(Exchange& exchange) {
  check_request(exchange.request);
  exchange.target = parse_target(exchange.request.url);
  exchange.proxy = proxy_for(exchange.target, exchange.request.proxy, proxies_);

  const auto key = exchange.pool_key();
  std::string fault;
  auto channel = exchange.request.keep_alive ? pool_.take(key, clock_.steady()) : nullptr;
  auto reader = channel ? exchange.converse(*channel, fault) : std::nullopt;
  // A kept connection may have been closed while the request was on its way: once more on a new
  // one.
  if (!reader) {
    fault.clear();
    channel = open(exchange);
    reader = exchange.converse(*channel, fault);
  }
  if (!reader) throw HttpFailure(CallStatus::retry, fault);

  if (exchange.request.keep_alive && reader->may_reuse()) {
    pool_.put(key, std::move(channel), clock_.steady());
  }
  auto response = reader->release();
  response.retry_after = retry_after(response.headers, clock_.wall());
  return response;
}

std::unique_ptr<Channel> HttpClient::open(Exchange& exchange) {
  const auto& target = exchange.target;
  const auto& patience = exchange.patience;
  exchange.stage = "connecting";
  UniqueFd fd = connector_.connect(exchange.next_hop(), patience);
  if (!target.is_tls) return make_plain_channel(std::move(fd));

  if (exchange.proxy) dig_tunnel(fd, target, *exchange.proxy, patience);
  exchange.stage = "agreeing on TLS";
  auto channel =
      tls_.open(std::move(fd), {target.host, exchange.request.ca_file, exchange.request.verify});
  shake_hands(*channel, patience);
  return channel;
}

}  // namespace shoal::plugin
