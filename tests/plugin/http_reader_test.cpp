#include <doctest/doctest.h>

#include "plugin/http/failure.h"
#include "plugin/http/reader.h"

using namespace std::chrono_literals;
using shoal::from_unix_nanoseconds;
using shoal::plugin::HttpFailure;
using shoal::plugin::HttpReader;
using shoal::plugin::parse_retry_after;

namespace {

constexpr std::size_t max_body = 100;

struct Broken {
  std::string answer;
  const char* reason;
};

// Feeds the answer byte by byte, the hardest way to cut it.
HttpReader read(std::string_view answer, HttpReader::Body body = HttpReader::Body::by_header) {
  HttpReader reader(body, max_body);
  for (const char& byte : answer) reader.take({&byte, 1});
  return reader;
}

}  // namespace

TEST_SUITE("HttpReader") {
  TEST_CASE("reads status, headers and a body of known length") {
    auto reader = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello");

    REQUIRE(reader.is_complete());
    CHECK(reader.may_reuse());
    const auto response = reader.release();
    CHECK(response.status == 200);
    CHECK(response.headers.at(1) == std::pair<std::string, std::string>("X-A", "b"));
    CHECK(response.body == "hello");
  }

  TEST_CASE("joins chunks and ignores their extensions and trailers") {
    auto reader = read(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
        "5;x=y\r\nhello\r\n6 \r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n");

    REQUIRE(reader.is_complete());
    CHECK(reader.may_reuse());
    CHECK(reader.release().body == "hello world");
  }

  TEST_CASE("reads to the end where no length is given") {
    auto reader = read("HTTP/1.0 200\r\n\r\nhello");
    CHECK_FALSE(reader.is_complete());

    reader.end();

    CHECK(reader.is_complete());
    CHECK_FALSE(reader.may_reuse());
    CHECK(reader.release().body == "hello");
  }

  TEST_CASE("passes over interim answers") {
    auto reader = read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");

    REQUIRE(reader.is_complete());
    CHECK(reader.release().status == 204);
  }

  TEST_CASE("expects no body in the answer to HEAD") {
    CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HttpReader::Body::none).may_reuse());
  }

  TEST_CASE("does not reuse a connection that is to be closed or has more to say") {
    CHECK_FALSE(read("HTTP/1.1 204 x\r\nConnection: a, Close\r\n\r\n").may_reuse());
    CHECK_FALSE(read("HTTP/1.0 204 x\r\n\r\n").may_reuse());
    CHECK(read("HTTP/1.0 204 x\r\nConnection: keep-alive\r\n\r\n").may_reuse());
    CHECK_FALSE(read("HTTP/1.1 204 x\r\n\r\nmore").may_reuse());
  }

  TEST_CASE("refuses what is not an answer") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
    const Broken rows[] = {
        {"SSH-2.0-OpenSSH_9.2\r\n", "the answer is not HTTP"},
        {"HTTP/2 200 OK\r\n\r\n", "the answer is not HTTP"},
        {"HTTP/1.1 20 OK\r\n\r\n", "the answer's status line is not HTTP"},
        {"HTTP/1.1 2000 OK\r\n\r\n", "the answer's status line is not HTTP"},
        {"HTTP/1.1 -20 OK\r\n\r\n", "the answer's status line is not HTTP"},
        {head + "no colon\r\n\r\n", "the answer has a header line that is not HTTP"},
        {head + "A: b\r\n folded\r\n\r\n", "the answer has a header line that is not HTTP"},
        {head + "Content-Length: 5x\r\n\r\n", "the answer's Content-Length is not one number"},
        {head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
         "the answer's Content-Length is not one number"},
        {head + "Content-Length: 101\r\n\r\n", "the answer is longer than 100 bytes"},
        {head + "\r\n" + std::string(101, 'a'), "the answer is longer than 100 bytes"},
        {head + "Transfer-Encoding: gzip\r\n\r\n",
         "the answer has a transfer coding other than chunked"},
        {chunked + "zz\r\n", "the answer's chunks are not HTTP"},
        {chunked + "5\r\nhellooo\r\n", "the answer's chunks are not HTTP"},
        {chunked + "ffffffffffffffff\r\n", "the answer is longer than 100 bytes"},
        {chunked + "60\r\n" + std::string(96, 'a') + "\r\n5\r\nhello\r\n",
         "the answer is longer than 100 bytes"},
        {chunked + std::string(5000, '0'), "the answer's chunks are not HTTP"},
        {head + std::string(70000, 'a'), "the answer's head is longer than 65536 bytes"},
    };
    for (const auto& row : rows) {
      CAPTURE(row.answer.substr(0, 60));
      CHECK_THROWS_WITH_AS(read(row.answer), row.reason, HttpFailure);
    }
  }

  TEST_CASE("refuses an answer that breaks off") {
    const Broken rows[] = {
        {"HTTP/1.1 200 OK\r\nA: b", "the connection was closed before the answer's head was whole"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
         "the connection was closed 4 bytes before the end of the answer"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
         "the connection was closed in the middle of a chunked answer"},
    };
    for (const auto& row : rows) {
      auto reader = read(row.answer);
      CHECK_THROWS_WITH_AS(reader.end(), row.reason, HttpFailure);
    }
  }
}

TEST_SUITE("Retry-After") {
  TEST_CASE("is seconds or a date, and at most a day") {
    // Sun, 06 Nov 1994 08:49:37 GMT
    const auto now = from_unix_nanoseconds(784'111'777'000'000'000);

    CHECK(parse_retry_after("120", now) == 120s);
    CHECK(parse_retry_after(" 7 ", now) == 7s);
    CHECK(parse_retry_after("99999999999", now) == 24h);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now) == 30s);
    CHECK(parse_retry_after("Mon, 06 Nov 1995 08:50:07 GMT", now) == 24h);
  }

  TEST_CASE("is nothing if it has passed or is no time") {
    const auto now = from_unix_nanoseconds(784'111'777'000'000'000);

    for (const auto* text : {"0", "-5", "soon", "", "1.5", "Sun, 06 Nov 1994 08:49:36 GMT",
                             "Sun, 31 Feb 1995 08:49:36 GMT", "Sun, 06 Nov 9999 08:49:36 GMT",
                             "Sun, 06 Nov 1994 08:49:36 CET", "99999999999999999999999999"}) {
      CAPTURE(text);
      CHECK(parse_retry_after(text, now) == 0s);
    }
  }
}
