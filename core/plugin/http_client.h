// The HTTP client behind "shoal.http/1": HTTP/1.1 over TCP, TLS and unix sockets, with a total
// deadline that covers the name lookup too, and with kept-alive connections. It speaks HTTP itself;
// docs/decisions/0010-own-http-client.md says why. Thread-safe; calls block.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "plugin/http.h"
#include "plugin/http/connection_pool.h"
#include "plugin/http/connector.h"
#include "plugin/http/target.h"
#include "plugin/http/tls.h"

namespace shoal::plugin {

class HttpClient final : public Http {
 public:
  // `tls_module` is the file of shoal-tls.so; it is not looked at before the first https address.
  HttpClient(const Clock& clock, std::string tls_module, ProxyRules proxies = {})
      : clock_(clock), tls_(std::move(tls_module)), proxies_(std::move(proxies)) {}

  HttpOutcome request(const HttpRequest& request, SteadyTime deadline,
                      const std::atomic<std::uint32_t>& cancel) override;

 private:
  struct Exchange;

  HttpResponse perform(Exchange& exchange);
  std::unique_ptr<Channel> open(Exchange& exchange);

  const Clock& clock_;
  Connector connector_;
  TlsModule tls_;
  ProxyRules proxies_;
  ConnectionPool pool_;
};

}  // namespace shoal::plugin
