#include "echo.h"

#include <array>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/socket.h>

#include "icmp_socket.h"
#include "support/recorded.h"

using shoal::common::Deadline;
using shoal::ping::Echo;
using shoal::ping::is_reply_to;
using shoal::ping::Outcome;
using shoal::ping::Wire;
using shoal::test::recorded;
using Texts = std::vector<std::string>;
using std::chrono::milliseconds;

namespace {

constexpr Wire ipv4{false, false};
constexpr Wire raw_ipv4{false, true};
constexpr Wire ipv6{true, false};
constexpr Wire raw_ipv6{true, true};

const Echo the_echo{0x1234, 7, "sixteen bytes..!"};

// One end of a pair stands for the network: it hears the echo and says these packets.
shoal::ping::Trip trip_with(const Texts& said, Wire wire = ipv4, milliseconds patience = {}) {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
  for (const auto& packet : said) {
    CHECK(::send(ends[1], packet.data(), packet.size(), 0) == static_cast<ssize_t>(packet.size()));
  }
  const shoal::ping::IcmpSocket socket(ends[0], wire);
  const Deadline deadline(std::chrono::seconds(20));
  const auto trip = socket.exchange(
      the_echo, patience.count() == 0 ? std::chrono::seconds(10) : patience, deadline);
  std::array<char, 100> heard{};
  const auto size = ::recv(ends[1], heard.data(), heard.size(), 0);
  CHECK(std::string(heard.data(), static_cast<std::size_t>(size)) == request_of(the_echo, wire));
  ::close(ends[1]);
  return trip;
}

}  // namespace

TEST_SUITE("ping echo") {
  TEST_CASE("writes a request with its sum, over IPv6 without") {
    CHECK(request_of({0x1234, 7, "ab"}, ipv4) == std::string("\x08\0\x84\x62\x12\x34\0\x07"
                                                             "ab",
                                                             10));
    CHECK(request_of({0x1234, 7, "a"}, ipv6) == std::string("\x80\0\0\0\x12\x34\0\x07"
                                                            "a",
                                                            9));
  }

  TEST_CASE("knows its reply on each kind of socket") {
    CHECK(is_reply_to(the_echo, recorded("reply-ipv4"), ipv4));
    CHECK(is_reply_to(the_echo, recorded("reply-ipv4-raw"), raw_ipv4));
    CHECK(is_reply_to(the_echo, recorded("reply-ipv6"), ipv6));
    CHECK(is_reply_to(the_echo, recorded("reply-ipv6"), raw_ipv6));
  }

  TEST_CASE("takes no reply to another echo") {
    const auto reply = recorded("reply-ipv4-raw");
    const Echo other_id{0x1235, 7, the_echo.payload};
    const Echo other_number{0x1234, 8, the_echo.payload};
    const Echo other_bytes{0x1234, 7, "sixteen bytes..?"};

    for (const auto& echo : {other_id, other_number, other_bytes}) {
      CHECK_FALSE(is_reply_to(echo, reply, raw_ipv4));
    }
    // The kernel chose the id.
    CHECK(is_reply_to(other_id, recorded("reply-ipv4"), ipv4));
  }

  TEST_CASE("takes no packet that ends early, is longer, or is of another type") {
    for (const auto& [file, wire] :
         {std::pair("reply-ipv4-raw", raw_ipv4), {"reply-ipv4", ipv4}, {"reply-ipv6", raw_ipv6}}) {
      const auto whole = recorded(file);
      for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_FALSE(is_reply_to(the_echo, whole.substr(0, size), wire));
      }
      CHECK_FALSE(is_reply_to(the_echo, whole + "x", wire));
    }
    CHECK_FALSE(is_reply_to(the_echo, request_of(the_echo, ipv4), ipv4));
    CHECK_FALSE(is_reply_to(the_echo, recorded("reply-ipv4"), ipv6));
    // An IP header that is longer than the packet.
    CHECK_FALSE(is_reply_to(the_echo, std::string(40, '\x4f'), raw_ipv4));
  }

  TEST_CASE("finds its reply among others") {
    const auto trip = trip_with({"", "x", std::string(5000, '\xff'), request_of(the_echo, ipv4),
                                 recorded("reply-ipv4-raw"), recorded("reply-ipv4")});

    CHECK(trip.outcome == Outcome::replied);
    CHECK(trip.time.count() > 0);
  }

  TEST_CASE("gives up when its reply does not come") {
    const auto trip = trip_with({"x", recorded("reply-ipv6")}, ipv4, milliseconds(1));

    CHECK(trip.outcome == Outcome::lost);
    CHECK(trip.fault.empty());
  }

  TEST_CASE("tells an error of the network from one of this host") {
    const Deadline deadline(std::chrono::seconds(10));
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
    ::close(ends[1]);
    const shoal::ping::IcmpSocket refused(ends[0], ipv4);
    const shoal::ping::IcmpSocket broken(::dup(0), ipv4);

    const auto trip = refused.exchange(the_echo, milliseconds(10), deadline);
    CHECK(trip.outcome == Outcome::lost);
    CHECK(trip.fault == "Connection refused");
    CHECK(broken.exchange(the_echo, milliseconds(10), deadline).outcome == Outcome::impossible);
  }
}
