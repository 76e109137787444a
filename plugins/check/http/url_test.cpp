#include "url.h"

#include <doctest/doctest.h>

using namespace shoal::http;

namespace {

std::string followed(const char* base, const char* location) {
  const auto url = follow(parse_url(base).value(), location);
  return url ? to_text(*url) : "nowhere";
}

}  // namespace

TEST_SUITE("url") {
  TEST_CASE("is taken apart and put together again") {
    for (const auto* text : {"http://a/", "https://user:pass@a:8443/b/c?d=e", "http://[::1]:80/x",
                             "unix:///run/a.sock:/b?c"}) {
      CAPTURE(text);
      CHECK(to_text(parse_url(text).value()) == text);
    }
    CHECK(to_text(parse_url("HTTP://a").value()) == "http://a/");
    CHECK(to_text(parse_url("http://a?b#c").value()) == "http://a/?b");
    CHECK_FALSE(parse_url("ftp://a/"));
    CHECK_FALSE(parse_url("a/b"));
  }

  TEST_CASE("is shown without what may be secret") {
    CHECK(to_shown_text(parse_url("http://me:pw@a/b?token=1").value()) == "http://a/b");
  }

  TEST_CASE("leads on as a redirect says") {
    CHECK(followed("http://a/b/c?d", "https://x/y") == "https://x/y");
    CHECK(followed("https://a/b", "//x:81/y") == "https://x:81/y");
    CHECK(followed("http://a/b/c?d", "/y?z") == "http://a/y?z");
    CHECK(followed("http://a/b/c?d", "y") == "http://a/b/y");
    CHECK(followed("http://a/b/c?d", "?y") == "http://a/b/c?y");
    CHECK(followed("http://a/b?c=/d/e", "y") == "http://a/y");
    CHECK(followed("unix:///s.sock:/b", "/y") == "unix:///s.sock:/y");
    CHECK(followed("http://a/b", "/y?u=http://z/#f") == "http://a/y?u=http://z/");
    CHECK(followed("http://a/b", "mailto:x") == "nowhere");
    CHECK(followed("http://a/b", "file:///etc/passwd") == "nowhere");
  }

  TEST_CASE("keeps credentials for the origin they were given for") {
    CHECK(followed("http://me:pw@a/b", "/y") == "http://me:pw@a/y");
    CHECK(followed("http://me:pw@a/b", "http://a/y") == "http://me:pw@a/y");
    CHECK(followed("http://me:pw@a/b", "http://a:81/y") == "http://a:81/y");
    CHECK(followed("http://me:pw@a/b", "https://a/y") == "https://a/y");
  }
}
