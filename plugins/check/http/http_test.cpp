#include <doctest/doctest.h>

#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "verdicts.h"

using namespace shoal::http;
using shoal::HttpRequest;
using shoal::HttpResponse;
using shoal::test::PluginFixture;
using Options = PluginFixture::OptionMap;
using Texts = std::vector<std::string>;

namespace {

// The check with a server that answers as `answer` says; what it was asked is in `asked`.
struct Site {
  std::function<HttpResponse(const HttpRequest&)> answer;
  std::vector<HttpRequest> asked;

  shoal::CheckVerdict verdict(Options options = {}) {
    options.emplace("url", std::string("http://a/b"));
    PluginFixture plugin(options);
    REQUIRE(plugin.create_status == SHOAL_OK);
    plugin.http = [&](const HttpRequest& request) {
      asked.push_back(request);
      return answer(request);
    };
    const auto verdict = plugin.check();
    emitted = plugin.emitted;
    return verdict;
  }
  std::map<std::string, double> emitted;
};

Site always(int code, const std::string& body = "") {
  return {[=](const HttpRequest&) { return HttpResponse{code, 0, {}, body}; }, {}, {}};
}

Site failing(shoal_status status, const std::string& reason) {
  return {
      [=](const HttpRequest&) -> HttpResponse { throw shoal::Failure(reason, status); }, {}, {}};
}

Site redirecting(int code, const std::string& location) {
  return {[=](const HttpRequest& request) {
            if (request.url != "http://a/b") return HttpResponse{200, 0, {}, "there"};
            return HttpResponse{code, 0, {{"Location", location}}, ""};
          },
          {},
          {}};
}

std::string refusal_of(Options options) {
  options.emplace("url", std::string("http://a/b"));
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

}  // namespace

TEST_SUITE("check http") {
  TEST_CASE("reads what status codes are worth") {
    CHECK(parse_status_rule("404=ok")->status == SHOAL_CHECK_OK);
    const auto range = parse_status_rule("500-599=warning");
    REQUIRE(range);
    CHECK(range->first == 500);
    CHECK(range->last == 599);
    CHECK(range->status == SHOAL_CHECK_WARNING);
    for (const auto* text : {"", "404", "=ok", "404=fine", "5xx=ok", "599-500=ok", "404=ok,",
                             "40=ok", "404-=ok", "1000=ok"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_status_rule(text));
    }
  }

  TEST_CASE("judges status codes, the first rule that fits before its own") {
    CHECK(always(204).verdict().status == SHOAL_CHECK_OK);
    CHECK(always(304).verdict().status == SHOAL_CHECK_OK);
    CHECK(always(404).verdict().status == SHOAL_CHECK_WARNING);
    CHECK(always(503).verdict().status == SHOAL_CHECK_CRITICAL);
    const Options rules{{"status", Texts{"404=ok", "200-299=unknown", "404=critical"}}};
    CHECK(always(404).verdict(rules).status == SHOAL_CHECK_OK);
    CHECK(always(200).verdict(rules).status == SHOAL_CHECK_UNKNOWN);
  }

  TEST_CASE("tells where, what and how long, and draws it") {
    auto site = always(200, "body");

    const auto verdict = site.verdict();

    CHECK(verdict.text.starts_with("http://a/b: HTTP 200, 4 bytes in 0."));
    CHECK(site.emitted.at("http.probe_1.bytes") == 4);
    CHECK(site.emitted.count("http.probe_1.seconds") == 1);
  }

  TEST_CASE("judges the body") {
    const auto page = shoal::test::recorded("index.html");

    CHECK(always(200, page).verdict({{"pattern", std::string("Welcome to \\w+")}}).status ==
          SHOAL_CHECK_OK);
    const auto missing = always(200, page).verdict({{"pattern", std::string("Goodbye")}});
    CHECK(missing.status == SHOAL_CHECK_CRITICAL);
    CHECK(missing.text.ends_with(" s, \"Goodbye\" not found"));
    CHECK(always(200, "1234").verdict({{"bytes", std::int64_t{4}}}).status == SHOAL_CHECK_OK);
    CHECK(always(200, "1234")
              .verdict({{"bytes", std::int64_t{3}}})
              .text.ends_with(", expected 3 bytes"));
    CHECK(always(200, "1234")
              .verdict({{"min_bytes", std::int64_t{5}}})
              .text.ends_with(", expected at least 5 bytes"));
  }

  TEST_CASE("judges the time") {
    CHECK(always(200).verdict({{"warning", std::string("0:0")}}).status == SHOAL_CHECK_WARNING);
    CHECK(always(404).verdict({{"critical", std::string("60:")}}).status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("is CRITICAL with the reason when nobody answers") {
    auto site = failing(SHOAL_RETRY, "a:80: connect: Connection refused");

    const auto verdict = site.verdict({{"url", std::string("http://me:pw@a/b?token=1")}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == "http://a/b: a:80: connect: Connection refused");
    CHECK(site.emitted.empty());
    CHECK(failing(SHOAL_DEADLINE, "").verdict().text == "http://a/b: no answer in time");
  }

  TEST_CASE("is UNKNOWN when nobody could be asked") {
    const auto verdict = failing(SHOAL_CONFIG, "proxy: expected a host").verdict();

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == "proxy: expected a host");
  }

  TEST_CASE("asks as the options say") {
    auto site = always(200);

    site.verdict({{"method", std::string("POST")},
                  {"body", std::string("x=1")},
                  {"headers", Texts{"Accept: text/html", "X-Empty:"}},
                  {"user", std::string("me:p@ss:word")},
                  {"check_certificate", false}});

    REQUIRE(site.asked.size() == 1);
    const auto& request = site.asked[0];
    CHECK(request.method == "POST");
    CHECK(request.body == "x=1");
    CHECK(request.url == "http://me:p%40ss%3Aword@a/b");
    CHECK(request.flags == (SHOAL_HTTP_NO_KEEP_ALIVE | SHOAL_HTTP_NO_VERIFY));
    CHECK(request.headers ==
          std::vector<std::pair<std::string, std::string>>{
              {"User-Agent", "shoal-check-http"}, {"Accept", "text/html"}, {"X-Empty", ""}});
  }

  TEST_CASE("follows redirects, and says where it came to") {
    auto site = redirecting(302, "/c");

    const auto verdict = site.verdict();

    CHECK(site.asked.size() == 2);
    CHECK(verdict.text.starts_with("http://a/c: HTTP 200, 5 bytes"));
  }

  TEST_CASE("says the same again only where the redirect asks for it") {
    const Options post{{"method", std::string("POST")}, {"body", std::string("x")}};
    auto again = redirecting(307, "/c");
    auto other = redirecting(303, "/c");

    again.verdict(post);
    other.verdict(post);

    CHECK(again.asked.at(1).method == "POST");
    CHECK(again.asked.at(1).body == "x");
    CHECK(other.asked.at(1).method == "GET");
    CHECK(other.asked.at(1).body == "");
  }

  TEST_CASE("tells another server no secrets") {
    const Options secrets{{"headers", Texts{"cookie: a=b", "Authorization: x", "Accept: y"}}};
    auto same = redirecting(302, "/c");
    auto other = redirecting(302, "http://other/c");

    same.verdict(secrets);
    other.verdict(secrets);

    CHECK(same.asked.at(1).headers.size() == 4);
    CHECK(other.asked.at(1).headers.size() == 2);
  }

  TEST_CASE("judges the redirect itself when it may not or cannot follow") {
    auto endless = redirecting(302, "http://a/b");
    CHECK(endless.verdict().status == SHOAL_CHECK_OK);
    CHECK(endless.asked.size() == 11);
    auto none = redirecting(302, "/c");
    CHECK(none.verdict({{"max_redirects", std::int64_t{0}}, {"status", Texts{"302=critical"}}})
              .status == SHOAL_CHECK_CRITICAL);
    auto elsewhere = redirecting(302, "ftp://x/");
    CHECK(elsewhere.verdict().text.starts_with("http://a/b: HTTP 302"));
  }

  TEST_CASE("refuses options that cannot be meant") {
    CHECK(refusal_of({{"url", std::string("ftp://a/")}}) ==
          "option url: expected http://, https:// or unix://, found \"ftp://a/\"");
    CHECK(refusal_of({{"status", Texts{"404"}}}) ==
          "option status: expected \"404=ok\" or \"500-599=warning\", found \"404\"");
    CHECK(refusal_of({{"headers", Texts{"Accept"}}}) ==
          "option headers: expected \"Name: value\", found \"Accept\"");
    CHECK(refusal_of({{"method", std::string("HEAD")}, {"pattern", std::string("x")}}) ==
          "option pattern: expected none, for HEAD brings no body");
    CHECK(refusal_of({{"pattern", std::string("(x")}}) ==
          "option pattern: expected a regular expression, found \"(x\": missing ): (x");
  }
}
