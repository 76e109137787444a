#include "common/net/system_roots.h"

#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include "support/temporary_directory.h"

using namespace shoal::common;

namespace {

void forget_variables() {
  ::unsetenv("SSL_CERT_FILE");
  ::unsetenv("SSL_CERT_DIR");
}

}  // namespace

TEST_SUITE("system_roots") {
  TEST_CASE("finds the file of each distribution, and says when there is none") {
    forget_variables();
    const shoal::test::TemporaryDirectory directory;
    const auto root = directory.file("root");

    CHECK(system_ca_file(root).empty());
    CHECK_FALSE(has_system_roots(root));

    std::filesystem::create_directories(root + "/etc/pki/tls/certs");
    directory.write("root/etc/pki/tls/certs/ca-bundle.crt", "x");

    CHECK(system_ca_file(root) == root + "/etc/pki/tls/certs/ca-bundle.crt");
    CHECK(has_system_roots(root));
  }

  TEST_CASE("counts a folder of certificates that has no such file") {
    forget_variables();
    const shoal::test::TemporaryDirectory directory;
    const auto root = directory.file("root");
    std::filesystem::create_directories(root + "/etc/ssl/certs");

    CHECK_FALSE(has_system_roots(root));
    directory.write("root/etc/ssl/certs/4f316efb.0", "x");

    CHECK(has_system_roots(root));
    CHECK(system_ca_file(root).empty());
  }
}
