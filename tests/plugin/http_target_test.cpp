#include <doctest/doctest.h>

#include "plugin/http/failure.h"
#include "plugin/http/target.h"

using namespace shoal::plugin;

namespace {

struct Wrong {
  const char* url;
  const char* reason;
};

std::string proxy_address(const char* url, const ProxyRules& rules, const char* wish = "") {
  const auto proxy = proxy_for(parse_target(url), wish, rules);
  return proxy ? proxy->address() : "direct";
}

}  // namespace

TEST_SUITE("HttpTarget") {
  TEST_CASE("takes a URL apart") {
    const auto target = parse_target("HTTPS://al%3Aice:s%40cret@Example.com:8443/a%2Fb?c=d#e");

    CHECK(target.is_tls);
    CHECK(target.address() == "Example.com:8443");
    CHECK(target.authority() == "Example.com:8443");
    CHECK(target.path == "/a%2Fb?c=d");
    CHECK(target.credentials == "al:ice:s@cret");
  }

  TEST_CASE("knows each scheme's own port, which the Host header leaves out") {
    CHECK(parse_target("http://example.com").address() == "example.com:80");
    CHECK(parse_target("http://example.com").authority() == "example.com");
    CHECK(parse_target("https://[::1]/").address() == "[::1]:443");
    CHECK(parse_target("https://[::1]/").authority() == "[::1]");
    CHECK(parse_target("http://example.com:443?q").authority() == "example.com:443");
    CHECK(parse_target("http://example.com:443?q").path == "/?q");
  }

  TEST_CASE("parts a unix socket from the request's path") {
    const auto target = parse_target("unix:///run/a:b.sock:/v1/x?y=:/z");

    CHECK(target.socket_path == "/run/a:b.sock");
    CHECK(target.path == "/v1/x?y=:/z");
    CHECK(target.authority() == "localhost");
    CHECK(parse_target("unix:///run/a.sock").path == "/");
  }

  TEST_CASE("refuses other URLs and never repeats their passwords") {
    const Wrong rows[] = {
        {"ftp://u:secret@h/",
         "url: expected http://, https:// or unix:///path/to.sock:/request/path"},
        {"http://u:secret@/", "url: expected a host after the scheme"},
        {"http://u:secret@h:x/", "url of h: expected a port from 1 to 65535 after the host"},
        {"http://h:0/", "url of h: expected a port from 1 to 65535 after the host"},
        {"http://h:65536/", "url of h: expected a port from 1 to 65535 after the host"},
        {"http://h:/", "url of h: expected a port from 1 to 65535 after the host"},
        {"http://[::1/", "url: expected a ] after the IPv6 address"},
        {"http://h/a b", "url: expected no spaces or control characters"},
        {"http://h/\r\nX: y", "url: expected no spaces or control characters"},
        {"unix://a.sock", "url: expected unix:///path/to.sock:/request/path with an absolute path"},
    };
    for (const auto& row : rows) {
      CAPTURE(row.url);
      CHECK_THROWS_WITH_AS(parse_target(row.url), row.reason, HttpFailure);
    }
  }
}

TEST_SUITE("proxies") {
  const ProxyRules rules{"http://p:1", "q:2", "a.test, .b.test *.c.test 10.0.0.0/8,d.test:81,::7"};

  TEST_CASE("are chosen by scheme") {
    CHECK(proxy_address("http://x.test/", rules) == "p:1");
    CHECK(proxy_address("https://x.test/", rules) == "q:2");
    CHECK(proxy_address("http://x.test/", {}) == "direct");
    CHECK(proxy_address("unix:///run/x.sock:/", rules) == "direct");
  }

  TEST_CASE("are not for what NO_PROXY names, nor for loopback") {
    for (const auto* url :
         {"http://a.test/", "http://x.A.test/", "http://b.test/", "http://x.b.test/",
          "http://x.c.test/", "http://10.1.2.3/", "http://d.test:81/", "http://[::7]/",
          "http://localhost/", "http://127.0.0.9/", "http://[::1]/"}) {
      CAPTURE(url);
      CHECK(proxy_address(url, rules) == "direct");
    }
    for (const auto* url :
         {"http://xa.test/", "http://11.1.2.3/", "http://d.test/", "http://[::8]/"}) {
      CAPTURE(url);
      CHECK(proxy_address(url, rules) == "p:1");
    }
    CHECK(proxy_address("http://x.test/", {"p:1", "", "*"}) == "direct");
  }

  TEST_CASE("follow the request's own wish before all rules") {
    CHECK(proxy_address("http://a.test/", rules, "http://u:v@own:3") == "own:3");
    CHECK(proxy_address("http://localhost/", rules, "own:3") == "own:3");
    CHECK(proxy_address("http://x.test/", rules, "direct") == "direct");
  }

  TEST_CASE("must speak plain HTTP") {
    CHECK_THROWS_WITH_AS(proxy_address("http://x.test/", {}, "https://u:secret@own"),
                         "proxy: expected http://[user:password@]host:port", HttpFailure);
    CHECK_THROWS_WITH_AS(
        proxy_address("http://x.test/", {}, "socks5://u:secret@own"),
        "proxy: url: expected http://, https:// or unix:///path/to.sock:/request/path",
        HttpFailure);
  }
}
