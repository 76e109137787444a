#include "common/net/address.h"

#include <doctest/doctest.h>

#include "common/net/resolver.h"

using namespace shoal::common;

TEST_SUITE("Address") {
  TEST_CASE("knows what stays on this host") {
    const auto stays = [](const char* host) {
      std::string fault;
      const Deadline deadline(std::chrono::milliseconds(1000));
      return is_on_this_host(Resolver(host, 1).resolve(deadline, fault).at(0));
    };

    CHECK(stays("127.0.0.1"));
    CHECK(stays("127.9.9.9"));
    CHECK(stays("::1"));
    CHECK_FALSE(stays("128.0.0.1"));
    CHECK_FALSE(stays("10.0.0.1"));
    CHECK_FALSE(stays("::2"));
    CHECK(is_on_this_host(unix_address("/run/peer.sock")));
  }
}
