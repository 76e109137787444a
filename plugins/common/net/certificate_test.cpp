#include "common/net/certificate.h"

#include <stdexcept>

#include <doctest/doctest.h>

#include "support/recorded.h"

using shoal::common::certificates_in_pem;

TEST_SUITE("certificates in PEM") {
  TEST_CASE("are read in their order, with keys and words between them") {
    const auto found = certificates_in_pem(shoal::test::recorded("chain.pem"));

    REQUIRE(found.size() == 2);
    CHECK(found[0].subject == "CN=www.example.test,O=Example Müller,C=JP");
    CHECK(shoal::common::time_words(found[0].not_before) == "2026-01-01 00:00:00 UTC");
    CHECK(shoal::common::time_words(found[0].not_after) == "2049-12-31 23:59:59 UTC");
    CHECK(found[1].subject == "CN=Example Root");
    CHECK(shoal::common::time_words(found[1].not_after) == "2060-02-29 12:00:00 UTC");
    CHECK(&first_to_expire(found) == &found[0]);
  }

  TEST_CASE("are none where there is none") {
    CHECK(certificates_in_pem("").empty());
    CHECK(certificates_in_pem("no certificate\n").empty());
  }

  TEST_CASE("are refused when one is damaged, by its number") {
    auto text = shoal::test::recorded("chain.pem");
    const auto second = text.rfind("-----BEGIN CERTIFICATE-----") + 40;
    auto cut = text.substr(0, second + 200);
    text.replace(second, 4, "AAAA");

    CHECK_THROWS_WITH_AS(certificates_in_pem(text), doctest::Contains("certificate 2 is damaged: "),
                         std::runtime_error);
    CHECK_THROWS_WITH_AS(certificates_in_pem(cut), doctest::Contains("certificate 2 is damaged: "),
                         std::runtime_error);
  }

  TEST_CASE("that are encrypted are refused without asking for a passphrase") {
    auto text = shoal::test::recorded("chain.pem");
    const std::string begin = "-----BEGIN CERTIFICATE-----\n";
    text.insert(
        text.find(begin) + begin.size(),
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F\n\n");

    CHECK_THROWS_WITH_AS(certificates_in_pem(text), doctest::Contains("certificate 1 is damaged: "),
                         std::runtime_error);
  }
}
