#include "common/zabbix/item_key.h"

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using namespace shoal::zabbix;

TEST_SUITE("zabbix item keys") {
  TEST_CASE("have parameters that are bare, quoted or arrays") {
    for (const char* key :
         {"agent.ping", "A-1_b.c", "proc.num[nginx]", "icmpping[,,200,,500]", "k[]", "k[ a , b ]",
          R"(web.page.get["http://host/?a=[1],b",,80])", R"(k["say \"no\"",x])", "k[[a,b],c]",
          "k[a,[b,\"c]\"]]", "vfs.fs.size[/,pfree]", "k[a\"b]", "k[\"a\" ]", "k['a b']",
          "modbus.get[tcp://127.0.0.1]"}) {
      CAPTURE(key);
      CHECK(item_key_fault(key).empty());
    }
  }

  TEST_CASE("are refused with the place") {
    const auto fault = [](const char* key) { return item_key_fault(key); };

    CHECK(fault("") ==
          "expected a letter, a digit, \"_\", \"-\" or \".\" at character 1, found the end");
    CHECK(fault("a b") == "expected \"[\" or the end at character 2, found \" \"");
    CHECK(fault("a[b") == "expected \",\" or \"]\" at character 4, found the end");
    CHECK(fault("a[b]c") == "expected the end at character 5, found \"c\"");
    CHECK(fault("a[\"b]") == "expected a closing quote at character 6, found the end");
    CHECK(fault("a[\"b\"c]") == "expected \",\" or \"]\" at character 6, found \"c\"");
    CHECK(fault("a[[[b]]]") == "expected no array within an array at character 4, found \"[\"");
    CHECK(fault("a[b\nc]") == "expected one line, found a line end or NUL");
    CHECK(item_key_fault(std::string(2049, 'a')) == "expected at most 2048 bytes, found 2049");
    CHECK_THROWS_WITH_AS(
        require_item_key("keys", "a[b"),
        "option keys: \"a[b\": expected \",\" or \"]\" at character 4, found the end",
        shoal::Failure);
  }

  TEST_CASE("become components of names") {
    CHECK(component_of("system.cpu.load[all,avg1]") == "system_cpu_load_all_avg1");
    CHECK(component_of("vfs.fs.size[/,free]") == "vfs_fs_size_free");
    CHECK(component_of("net.if.in[\"eth0-1\",,]") == "net_if_in_eth0-1");
    CHECK(component_of("...") == "_");
    CHECK(component_of(std::string(300, 'a')).size() == 100);
  }
}
