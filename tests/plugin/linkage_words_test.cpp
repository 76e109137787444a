#include <doctest/doctest.h>

#include "plugin/linkage.h"

using shoal::plugin::linkage_fault_in;

// The words are glibc's own, as it printed them.
TEST_SUITE("linkage words") {
  TEST_CASE("name no fault when everything is found") {
    CHECK(linkage_fault_in("\tlinux-vdso.so.1 (0x00007fc7)\n"
                           "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fc8)\n")
              .empty());
  }

  TEST_CASE("name the libraries that are not installed") {
    CHECK(linkage_fault_in("\tlibfoo.so.1 => not found\n") ==
          "needs libfoo.so.1, which is not installed");
    CHECK(linkage_fault_in("\tliba.so.1 => not found\n\tlibb.so.2 => not found\n"
                           "undefined symbol: a\t(./x.so)\n") ==
          "needs liba.so.1, libb.so.2, which are not installed");
    CHECK(
        linkage_fault_in("libq.so.6: cannot open shared object file: No such file or directory") ==
        "needs libq.so.6, which is not installed");
  }

  TEST_CASE("name the newer library versions that a plugin was built with") {
    CHECK(linkage_fault_in(
              "./x.so: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required "
              "by ./x.so)\nundefined symbol: free, version GLIBC_2.38\t(./x.so)\n") ==
          "was built on a newer system: needs GLIBC_2.38, which this one lacks");
  }

  TEST_CASE("name the symbols that nothing provides, three at most") {
    CHECK(linkage_fault_in("undefined symbol: no_such_function\t(./x.so)\n") ==
          "uses the symbol no_such_function, which nothing provides");
    CHECK(linkage_fault_in("undefined symbol: x1, version V\t(x)\nundefined symbol: x2\t(x)\n"
                           "undefined symbol: x3\t(x)\nundefined symbol: x4\t(x)\n"
                           "undefined symbol: x4\t(x)\n") ==
          "uses the symbols x1, x2, x3 and 1 more, which nothing provides");
  }

  TEST_CASE("do not count a symbol that this program itself provides") {
    CHECK(linkage_fault_in("undefined symbol: malloc\t(./x.so)\n").empty());
  }
}
