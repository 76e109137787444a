#include "zabbix_get/output.h"

#include <doctest/doctest.h>

using namespace shoal::zabbix_get;

TEST_SUITE("zabbix-get output") {
  TEST_CASE("is the value, a line for Sensu, or an object") {
    CHECK(line_of(Format::value, "k", "two\nlines", 7) == "two\nlines\n");
    CHECK(line_of(Format::sensu, "k[a]", "two\nlines\there", 7) == "k[a]\ttwo lines here\t7\n");
    CHECK(line_of(Format::json, "k", "\"\xff", 7) ==
          "{\"key\":\"k\",\"value\":\"\\\"\xef\xbf\xbd\",\"time\":7}\n");
  }
}
