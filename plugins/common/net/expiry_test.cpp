#include "common/net/expiry.h"

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using shoal::common::Certificate;
using shoal::common::expiry_of;
using shoal::common::Plain;
using shoal::common::Threshold;

namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t now = 1'803'859'200;  // 2027-03-01 00:00:00 UTC

Certificate certificate(const std::string& subject, std::int64_t since_days,
                        std::int64_t left_seconds) {
  return {subject, now - since_days * day, now + left_seconds};
}

std::uint32_t status_of(const Certificate& one, const char* critical) {
  return expiry_of({one}, now).status({std::nullopt, Threshold::parse(critical, Plain::under)});
}

}  // namespace

TEST_SUITE("expiry of certificates") {
  TEST_CASE("is told in whole days of the one that ends first") {
    const auto own = certificate("CN=own", 9, 40 * day);
    const auto middle = certificate("CN=middle", 9, 2 * day - 1);

    CHECK(expiry_of({own, middle}, now).words ==
          "CN=middle expires in 1 day, on 2027-03-02 23:59:59 UTC (2 certificates)");
    CHECK(expiry_of({own}, now).words == "CN=own expires in 40 days, on 2027-04-10 00:00:00 UTC");
    CHECK(expiry_of({own}, now).days == 40);
    CHECK(expiry_of({certificate("CN=a", 9, -1)}, now).days == -1);
  }

  TEST_CASE("is judged by the thresholds while all are valid") {
    CHECK(status_of(certificate("CN=a", 0, 3 * day), "3") == SHOAL_CHECK_OK);
    CHECK(status_of(certificate("CN=a", 0, 3 * day - 1), "3") == SHOAL_CHECK_CRITICAL);
    CHECK(status_of(certificate("CN=a", 0, 0), "0") == SHOAL_CHECK_OK);
  }

  TEST_CASE("is critical before and after whatever the thresholds") {
    const auto late = certificate("CN=late", 9, -1);
    const auto early = certificate("CN=early", -1, 9 * day);

    CHECK(status_of(late, "-99") == SHOAL_CHECK_CRITICAL);
    CHECK(expiry_of({late}, now).words == "CN=late expired on 2027-02-28 23:59:59 UTC");
    CHECK(status_of(early, "-99") == SHOAL_CHECK_CRITICAL);
    CHECK(expiry_of({early}, now).words == "CN=early is not valid before 2027-03-02 00:00:00 UTC");
  }

  TEST_CASE("names no subject of any length, and cuts no character") {
    const auto of = [](const std::string& subject) {
      const auto words = expiry_of({certificate(subject, 0, day)}, now).words;
      return words.substr(0, words.find(" expires"));
    };

    CHECK(of(std::string(200, 'x')) == std::string(200, 'x'));
    CHECK(of(std::string(201, 'x')) == std::string(200, 'x') + "...");
    CHECK(of(std::string(199, 'x') + "\xc3\xa4z") == std::string(199, 'x') + "...");
  }
}
