#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using shoal::test::PluginFixture;
using shoal::test::TemporaryDirectory;

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t day_ns = 86'400 * second_ns;
// 2027-03-01 00:00:00 UTC, when the certificate of shop.example ends; its issuer's ends 28 days
// before.
constexpr std::int64_t end_ns = 1'803'859'200 * second_ns;

std::string path_of(const std::string& name) {
  return std::string(TESTDATA) + "/" + name;
}

shoal::CheckVerdict verdict_at(std::int64_t unix_ns, const std::string& name,
                               PluginFixture::OptionMap options = {}) {
  options.emplace("file", path_of(name));
  options.emplace("warning", std::string("30"));
  options.emplace("critical", std::string("14"));
  PluginFixture plugin(options);
  plugin.unix_ns = unix_ns;
  return plugin.check();
}

std::uint32_t status_before_end(std::int64_t before_ns, const std::string& warning = "30",
                                const std::string& critical = "14") {
  return verdict_at(end_ns - before_ns, "shop.pem", {{"warning", warning}, {"critical", critical}})
      .status;
}

shoal::CheckVerdict verdict_of_text(const std::string& text) {
  const TemporaryDirectory folder;
  folder.write("file.pem", text);
  PluginFixture plugin({{"file", folder.file("file.pem")}});
  return plugin.check();
}

}  // namespace

TEST_SUITE("check cert_file") {
  TEST_CASE("warns thirty days ahead, and is critical fourteen days ahead") {
    CHECK(status_before_end(30 * day_ns) == SHOAL_CHECK_OK);
    CHECK(status_before_end(30 * day_ns - second_ns) == SHOAL_CHECK_WARNING);
    CHECK(status_before_end(14 * day_ns) == SHOAL_CHECK_WARNING);
    CHECK(status_before_end(14 * day_ns - second_ns) == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("takes other days, and ranges") {
    CHECK(status_before_end(20 * day_ns, "10", "5") == SHOAL_CHECK_OK);
    CHECK(status_before_end(20 * day_ns, "~:10", "5:") == SHOAL_CHECK_WARNING);
    CHECK(status_before_end(20 * day_ns, "10:", "@20:21") == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("is critical of an expired certificate whatever the thresholds say") {
    CHECK(status_before_end(0, "0", "0") == SHOAL_CHECK_OK);
    CHECK(status_before_end(-second_ns, "-9", "-9") == SHOAL_CHECK_CRITICAL);
    CHECK(verdict_at(end_ns + second_ns, "shop.pem").text ==
          path_of("shop.pem") + ": O=Example,CN=shop.example expired on 2027-03-01 00:00:00 UTC");
  }

  TEST_CASE("tells the end and draws the whole days left") {
    PluginFixture plugin({{"file", path_of("shop.pem")}});
    plugin.unix_ns = end_ns - 45 * day_ns + second_ns;

    const auto verdict = plugin.check();

    CHECK(verdict.text ==
          path_of("shop.pem") +
              ": O=Example,CN=shop.example expires in 44 days, on 2027-03-01 00:00:00 UTC");
    CHECK(plugin.emitted == std::map<std::string, double>{{"cert_file.probe_1.days", 44}});

    plugin.unix_ns = end_ns + second_ns;
    plugin.check();
    CHECK(plugin.emitted.at("cert_file.probe_1.days") == -1);
  }

  TEST_CASE("judges all certificates, wherever they stand in the file") {
    const auto verdict = verdict_at(end_ns - 40 * day_ns, "chain.pem");

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == path_of("chain.pem") +
                              ": O=Example,CN=Example issuer expires in 12 days, on "
                              "2027-02-01 00:00:00 UTC (2 certificates)");
  }

  TEST_CASE("is critical of a certificate that is not valid yet") {
    const auto verdict = verdict_at(end_ns, "later.pem");

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text ==
          path_of("later.pem") + ": CN=later.example is not valid before 2028-01-01 00:00:00 UTC");
  }

  TEST_CASE("is critical of a file without a certificate, and of a damaged one") {
    for (const auto* name : {"key.pem", "shop.der"}) {
      CAPTURE(name);
      const auto verdict = verdict_at(end_ns, name);
      CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
      CHECK(verdict.text == path_of(name) + ": holds no certificate in PEM form");
    }
    const auto damaged = verdict_at(end_ns - 100 * day_ns, "damaged.pem");
    CHECK(damaged.status == SHOAL_CHECK_CRITICAL);
    CHECK(damaged.text.find(path_of("damaged.pem") + ": certificate 2 is damaged: ") == 0);
    const auto cut = verdict_at(end_ns - 100 * day_ns, "cut.pem");
    CHECK(cut.status == SHOAL_CHECK_CRITICAL);
    CHECK(cut.text.find(path_of("cut.pem") + ": certificate 1 is damaged: ") == 0);
  }

  TEST_CASE("is never OK of what was cut anywhere, or is garbage") {
    const auto whole = shoal::test::recorded("shop.pem");
    for (std::size_t size = 0; size + 2 < whole.size(); size += 7) {
      CAPTURE(size);
      CHECK(verdict_of_text(whole.substr(0, size)).status == SHOAL_CHECK_CRITICAL);
    }
    CHECK(verdict_of_text(std::string(100'000, '-')).status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict_of_text("-----BEGIN CERTIFICATE-----\n" + std::string(100'000, 'A') +
                          "\n-----END CERTIFICATE-----\n")
              .status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("is UNKNOWN of a file that cannot be read") {
    const auto missing = verdict_at(end_ns, "none.pem");
    CHECK(missing.status == SHOAL_CHECK_UNKNOWN);
    CHECK(missing.text == path_of("none.pem") + ": No such file or directory");
    CHECK(verdict_of_text(std::string(4 * 1024 * 1024 + 1, '\n')).status == SHOAL_CHECK_UNKNOWN);

    const TemporaryDirectory folder;
    const auto pipe = folder.file("pipe");
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    for (const auto& path : {pipe, folder.path().string()}) {
      PluginFixture plugin({{"file", path}});
      const auto verdict = plugin.check();
      CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
      CHECK(verdict.text == path + ": expected a file, found something else");
    }
  }

  TEST_CASE("refuses days that cannot be read") {
    PluginFixture plugin({{"file", path_of("shop.pem")}, {"warning", std::string("a month")}});

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option warning: expected a number or a range like \"10:20\", found \"a month\"");
  }
}
