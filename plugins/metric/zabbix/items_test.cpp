#include "items.h"

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using shoal::zabbix::parse_items;
using Texts = std::vector<std::string>;

namespace {

std::string refusal_of(const Texts& items) {
  try {
    parse_items(items);
  } catch (const shoal::Failure& failure) {
    CHECK(failure.status() == SHOAL_CONFIG);
    return failure.what();
  }
  return "taken";
}

}  // namespace

TEST_SUITE("zabbix items") {
  TEST_CASE("are named by their key or by a name before it") {
    const auto items = parse_items({"net.if.in[lo,bytes]", "in=net.if.in[eth0]", "k[a=b]"});

    CHECK(items.names == Texts{"net_if_in_lo_bytes", "in", "k_a_b"});
    CHECK(items.keys == Texts{"net.if.in[lo,bytes]", "net.if.in[eth0]", "k[a=b]"});
  }

  TEST_CASE("are refused by key and by name") {
    CHECK(refusal_of({}) == "option items: expected keys, found none");
    CHECK(refusal_of({"a[b"}) ==
          "option items: \"a[b\": expected \",\" or \"]\" at character 4, found the end");
    CHECK(refusal_of({"a.b=k"}) ==
          "option items: expected a name of letters, digits, \"_\" and \"-\" before \"=\", found "
          "\"a.b\"");
    CHECK(refusal_of({"=k"}).find("found \"\"") != std::string::npos);
    CHECK(refusal_of({"k[a,b]", "k[a.b]"}) ==
          "option items: \"k[a,b]\" and \"k[a.b]\" are both called k_a_b; write NAME=KEY for one "
          "of them");
  }
}
