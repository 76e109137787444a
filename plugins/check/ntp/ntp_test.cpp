#include <doctest/doctest.h>

#include "bytes.h"
#include "sntp.h"
#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/udp_server.h"

using shoal::ntp::append_number;
using shoal::ntp::Timestamp;
using shoal::test::PluginFixture;
using shoal::test::recorded;
using shoal::test::UdpServer;
using Options = PluginFixture::OptionMap;
using Texts = std::vector<std::string>;

namespace {

const Texts this_host{"127.0.0.1"};

// A server whose clock is so many seconds ahead of ours.
std::string server_answer(const std::string& heard, int ahead) {
  const Timestamp time = shoal::ntp::ntp_now() + (Timestamp(ahead) << 32U);
  auto answer = recorded("sntp-local").substr(0, 24) + heard.substr(40, 8);
  append_number(answer, time, 8);
  append_number(answer, time, 8);
  return answer;
}

UdpServer::Answer clock(int ahead) {
  return [ahead](const std::string& heard) { return Texts{server_answer(heard, ahead)}; };
}

UdpServer::Answer chronyd(const std::string& file) {
  return [file](const std::string& heard) {
    return Texts{recorded(file).replace(16, 4, heard.substr(8, 4))};
  };
}

UdpServer::Answer ntpd_with(const std::string& offset) {
  return [offset](const std::string& heard) {
    const auto list = "leap=0, stratum=3, offset=" + offset;
    return Texts{"\x16\x82" + heard.substr(2, 2) + std::string(7, '\0') +
                 static_cast<char>(list.size()) + list};
  };
}

UdpServer::Answer says(const Texts& words) {
  return [words](const std::string&) { return words; };
}

Options at(const UdpServer& server, Options more = {}) {
  more.emplace("servers", this_host);
  more.emplace("port", server.port());
  return more;
}

Options local(std::int64_t chrony_port, std::int64_t port, Options more = {}) {
  more.emplace("chrony_port", chrony_port);
  more.emplace("port", port);
  return more;
}

shoal::CheckVerdict verdict_with(const Options& options) {
  PluginFixture plugin(options);
  return plugin.check();
}

std::string place(std::int64_t port) {
  return "127.0.0.1 port " + std::to_string(port);
}

}  // namespace

TEST_SUITE("check ntp") {
  TEST_CASE("is OK when the clock is right, and draws offset and stratum") {
    const UdpServer server(clock(0));
    PluginFixture plugin(
        at(server, {{"warning", std::string("9000")}, {"critical", std::string("9000")}}));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text.find(" ms by " + place(server.port()) + ", stratum 8") != std::string::npos);
    CHECK(plugin.emitted.at("ntp.probe_1.offset") == doctest::Approx(0).epsilon(5));
    CHECK(plugin.emitted.at("ntp.probe_1.stratum") == 8);
  }

  TEST_CASE("judges how far the clock is ahead or behind alike") {
    const UdpServer later(clock(100)), earlier(clock(-100));
    const auto with = [](const UdpServer& server, const char* warning, const char* critical) {
      return verdict_with(
          at(server, {{"warning", std::string(warning)}, {"critical", std::string(critical)}}));
    };

    CHECK(with(later, "10000", "1000000").status == SHOAL_CHECK_WARNING);
    CHECK(with(earlier, "10000", "1000000").status == SHOAL_CHECK_WARNING);
    CHECK(verdict_with(at(later)).status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict_with(at(earlier)).status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict_with(at(earlier)).text.starts_with("offset -"));
  }

  TEST_CASE("takes the first server that answers") {
    const UdpServer server(clock(100));
    const auto verdict =
        verdict_with(at(server, {{"servers", Texts{"name.invalid", "127.0.0.1", "::1"}},
                                 {"timeout", std::int64_t{3000}}}));

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text.ends_with(" by " + place(server.port()) + ", stratum 8"));
  }

  TEST_CASE("asks chronyd, and then ntpd") {
    const UdpServer chrony(chronyd("chrony-client"));
    const UdpServer ntpd(ntpd_with("70.0"));
    const auto deaf = shoal::test::deaf_udp_port();

    const auto first = verdict_with(local(chrony.port(), ntpd.port()));
    const auto second = verdict_with(local(deaf, ntpd.port()));

    CHECK(first.status == SHOAL_CHECK_OK);
    CHECK(first.text == "offset -0.001 ms (still to be corrected) by chronyd at " +
                            place(chrony.port()) + ", stratum 9");
    CHECK(second.status == SHOAL_CHECK_WARNING);
    CHECK(second.text == "offset +70.000 ms by ntpd at " + place(ntpd.port()) + ", stratum 3");
  }

  TEST_CASE("judges what chronyd still has to correct") {
    const UdpServer chrony(chronyd("chrony-slewing"));
    PluginFixture plugin(local(chrony.port(), chrony.port()));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == "offset +8000.024 ms (still to be corrected) by chronyd at " +
                              place(chrony.port()) + ", stratum 2");
    CHECK(plugin.emitted.at("ntp.probe_1.offset") == doctest::Approx(8.000024));
  }

  TEST_CASE("takes plain thresholds as milliseconds, by default 50 and 100") {
    const UdpServer chrony(chronyd("chrony-slewing"));
    const auto with = [&](const char* warning, const char* critical) {
      return verdict_with(
                 local(chrony.port(), chrony.port(),
                       {{"warning", std::string(warning)}, {"critical", std::string(critical)}}))
          .status;
    };
    const auto by_default = [](const char* offset) {
      const UdpServer ntpd(ntpd_with(offset));
      return verdict_with(local(shoal::test::deaf_udp_port(), ntpd.port())).status;
    };

    CHECK(with("8001", "9000") == SHOAL_CHECK_OK);
    CHECK(with("7999", "9000") == SHOAL_CHECK_WARNING);
    CHECK(with("50", "7999") == SHOAL_CHECK_CRITICAL);
    CHECK(by_default("-50.0") == SHOAL_CHECK_OK);
    CHECK(by_default("-50.1") == SHOAL_CHECK_WARNING);
    CHECK(by_default("100.1") == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("cannot judge when nobody answers, or as the options say") {
    const auto deaf = shoal::test::deaf_udp_port();
    PluginFixture plugin(local(deaf, deaf));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == "chronyd at " + place(deaf) + ": Connection refused; ntpd at " +
                              place(deaf) + ": Connection refused");
    CHECK(plugin.emitted.empty());
    CHECK(verdict_with(local(deaf, deaf, {{"error_status", std::string("critical")}})).status ==
          SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("cannot judge by who does not know the time") {
    const UdpServer chrony(chronyd("chrony-unsynchronized"));
    const UdpServer silent(says({}));
    const auto options = local(chrony.port(), silent.port());

    const auto verdict = verdict_with(options);

    CHECK(verdict.status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict.text == "chronyd at " + place(chrony.port()) + ": it is not synchronized");
    auto strict = options;
    strict.emplace("unsynchronized_status", std::string("critical"));
    CHECK(verdict_with(strict).status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("is not fooled by silence and by what is no answer") {
    const Options soon{{"timeout", std::int64_t{30}}};
    const UdpServer silent(says({}));
    const UdpServer babbling(says({"x", std::string(4000, '\xff'), recorded("sntp-local")}));

    CHECK(verdict_with(at(silent, soon)).text == place(silent.port()) + ": no answer in time");
    CHECK(verdict_with(at(silent, soon)).status == SHOAL_CHECK_UNKNOWN);
    CHECK(verdict_with(at(babbling, soon)).text ==
          place(babbling.port()) + ": no answer in time, only what is none");
  }

  TEST_CASE("asks again when an answer is lost") {
    int heard_before = 0;
    const UdpServer server([&](const std::string& heard) {
      return ++heard_before == 1 ? Texts{} : Texts{server_answer(heard, 0)};
    });

    const auto verdict = verdict_with(at(server, {{"timeout", std::int64_t{600}},
                                                  {"warning", std::string("9000")},
                                                  {"critical", std::string("9000")}}));

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(heard_before == 2);
  }

  TEST_CASE("refuses thresholds that cannot be read") {
    PluginFixture plugin({{"warning", std::string("50ms")}});

    CHECK(plugin.create_status == SHOAL_CONFIG);
    CHECK(plugin.reason ==
          "option warning: expected a number or a range like \"10:20\", found \"50ms\"");
  }
}
