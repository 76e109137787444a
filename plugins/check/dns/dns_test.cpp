#include <array>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "support/plugin_fixture.h"
#include "support/recorded.h"
#include "support/udp_server.h"

using shoal::test::PluginFixture;
using shoal::test::recorded;
using shoal::test::UdpServer;
using Options = PluginFixture::OptionMap;
using Texts = std::vector<std::string>;

namespace {

// A recorded answer, made one to the question that was heard: c-ares looks at the number and the
// question itself.
std::string answer_to(const std::string& heard, const std::string& file) {
  return heard.substr(0, 2) + recorded(file).substr(2);
}

UdpServer::Answer says(const std::string& file) {
  return [file](const std::string& heard) { return Texts{answer_to(heard, file)}; };
}

Options at(const UdpServer& server, Options more = {}) {
  more.emplace("host", std::string("www.shoal.test"));
  more.emplace("server", std::string("127.0.0.1"));
  more.emplace("port", server.port());
  return more;
}

shoal::CheckVerdict verdict_with(const Options& options) {
  PluginFixture plugin(options);
  return plugin.check();
}

std::string refusal_of(const Options& options) {
  PluginFixture plugin(options);
  CHECK(plugin.create_status == SHOAL_CONFIG);
  return plugin.reason;
}

// Cuts every answer over UDP short, and says the rest over TCP, one byte at a time, until it hangs
// up.
class Truncating {
 public:
  explicit Truncating(std::size_t most_bytes) : most_bytes_(most_bytes) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(udp.port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(::listen(fd_, 8) == 0);
    thread_ = std::thread([this] { serve(); });
  }
  Truncating(const Truncating&) = delete;
  Truncating& operator=(const Truncating&) = delete;
  ~Truncating() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }

  const UdpServer udp{[](const std::string& heard) {
    auto answer = answer_to(heard, "a");
    answer[2] = static_cast<char>(answer[2] | 0x02);
    return Texts{answer};
  }};

 private:
  void serve() const {
    for (int peer = 0; (peer = ::accept(fd_, nullptr, nullptr)) >= 0; ::close(peer)) {
      std::array<char, 600> heard{};
      const auto size = ::recv(peer, heard.data(), heard.size(), 0);
      if (size < 4) continue;
      const std::string question(heard.data() + 2, 2);
      const auto whole = answer_to(question, "a");
      const auto said = std::string{'\0', static_cast<char>(whole.size())} + whole;
      for (const char c : said.substr(0, most_bytes_)) ::send(peer, &c, 1, MSG_NOSIGNAL);
    }
  }

  std::size_t most_bytes_;
  int fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
  std::thread thread_;
};

std::string place(const UdpServer& server, const std::string& what = "www.shoal.test A") {
  return what + " from 127.0.0.1 port " + std::to_string(server.port());
}

}  // namespace

TEST_SUITE("check dns") {
  TEST_CASE("is OK when there are records, and draws the time") {
    const UdpServer server(says("a"));
    PluginFixture plugin(at(server));

    const auto verdict = plugin.check();

    CHECK(verdict.status == SHOAL_CHECK_OK);
    CHECK(verdict.text.starts_with(place(server) + " in 0."));
    CHECK(verdict.text.ends_with(" s: 192.0.2.1, 192.0.2.2"));
    CHECK(plugin.emitted.at("dns.probe_1.seconds") >= 0);
  }

  TEST_CASE("compares the records with the expected ones") {
    const UdpServer server(says("a"));
    const auto expecting = [&](const Texts& expected) {
      return verdict_with(at(server, {{"expected", expected}}));
    };

    CHECK(expecting({"192.0.2.2", "192.0.2.1"}).status == SHOAL_CHECK_OK);
    const auto partial = expecting({"192.0.2.1"});
    CHECK(partial.status == SHOAL_CHECK_WARNING);
    CHECK(partial.text.ends_with(": expected 192.0.2.1, got 192.0.2.1, 192.0.2.2"));
    CHECK(expecting({"192.0.2.1", "192.0.2.2", "192.0.2.3"}).status == SHOAL_CHECK_WARNING);
    CHECK(expecting({"192.0.2.3"}).status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("judges the time, and the worse of both counts") {
    const UdpServer server(says("a"));

    CHECK(verdict_with(at(server, {{"warning", std::string("0")}})).status == SHOAL_CHECK_WARNING);
    CHECK(
        verdict_with(at(server, {{"critical", std::string("0")}, {"expected", Texts{"192.0.2.1"}}}))
            .status == SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("is CRITICAL on an error code and on no record, or WARNING on request") {
    const UdpServer server([](const std::string& heard) {
      return Texts{heard.substr(0, 2) + "\x81\x83" + heard.substr(4)};
    });
    const UdpServer empty(says("nodata"));

    const auto verdict = verdict_with(at(server));
    const auto none = verdict_with(at(empty, {{"query_type", std::string("AAAA")}}));

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == place(server) + ": NXDOMAIN");
    CHECK(verdict_with(at(server, {{"error_status", std::string("warning")}})).status ==
          SHOAL_CHECK_WARNING);
    CHECK(none.status == SHOAL_CHECK_CRITICAL);
    CHECK(none.text.ends_with(": expected a record, got nothing"));
  }

  TEST_CASE("is CRITICAL when nobody answers") {
    const UdpServer silent([](const auto&) { return Texts{}; });
    const auto deaf = std::int64_t{shoal::test::deaf_udp_port()};

    const auto verdict = verdict_with(at(silent, {{"timeout", std::int64_t{30}}}));
    const auto refused = verdict_with({{"host", std::string("www.shoal.test")},
                                       {"server", std::string("127.0.0.1")},
                                       {"port", deaf}});

    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == place(silent) + ": no answer in time");
    CHECK(refused.status == SHOAL_CHECK_CRITICAL);
    CHECK(refused.text.ends_with(": nobody takes questions there"));
  }

  TEST_CASE("does not take what is no answer to its question") {
    const Options soon{{"timeout", std::int64_t{50}}};
    const UdpServer babbling([](const std::string& heard) {
      return Texts{"x", std::string(4000, '\xff'), heard};
    });
    const UdpServer guessing([](const std::string&) { return Texts{recorded("a")}; });
    const UdpServer damaged(
        [](const std::string& heard) { return Texts{answer_to(heard, "a").substr(0, 60)}; });

    CHECK(verdict_with(at(babbling, soon)).text == place(babbling) + ": the answer is a question");
    CHECK(verdict_with(at(guessing, soon)).text == place(guessing) + ": no answer in time");
    const auto verdict = verdict_with(at(damaged, soon));
    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text == place(damaged) + ": record 2 of 2 in the answer is damaged");
  }

  TEST_CASE("goes on over TCP when an answer was cut short") {
    const Truncating whole(1000), broken(20);

    CHECK(verdict_with(at(whole.udp)).status == SHOAL_CHECK_OK);
    CHECK(verdict_with(at(whole.udp)).text.ends_with(": 192.0.2.1, 192.0.2.2"));
    CHECK(verdict_with(at(broken.udp, {{"timeout", std::int64_t{200}}})).status ==
          SHOAL_CHECK_CRITICAL);
  }

  TEST_CASE("asks for the name of an address, and without recursion on request") {
    std::string heard;
    const UdpServer server([&](const std::string& question) {
      heard = question;
      return Texts{answer_to(question, "ptr")};
    });
    PluginFixture plugin({{"host", std::string("192.0.2.1")},
                          {"query_type", std::string("PTR")},
                          {"norec", true},
                          {"expected", Texts{"WWW.shoal.test."}},
                          {"server", std::string("127.0.0.1")},
                          {"port", server.port()}});

    CHECK(plugin.check().status == SHOAL_CHECK_OK);
    CHECK(plugin.check().text.starts_with(place(server, "1.2.0.192.in-addr.arpa PTR")));
    CHECK((heard.at(2) & 1) == 0);
  }

  TEST_CASE("is CRITICAL when the name server has no address, or WARNING on request") {
    const Options nameless{{"host", std::string("www.shoal.test")},
                           {"server", std::string("name.invalid")},
                           {"timeout", std::int64_t{1}}};
    auto mild = nameless;
    mild.emplace("error_status", std::string("warning"));

    const auto verdict = verdict_with(nameless);

    CHECK(verdict_with(mild).status == SHOAL_CHECK_WARNING);
    CHECK(verdict.status == SHOAL_CHECK_CRITICAL);
    CHECK(verdict.text.starts_with("www.shoal.test A from name.invalid port 53: cannot resolve"));
  }

  TEST_CASE("refuses what cannot be asked or expected") {
    const std::string label(64, 'x');
    CHECK(refusal_of({{"host", label + ".test"}}) ==
          "option host: expected a domain name, found \"" + label + ".test\"");
    CHECK(refusal_of({{"host", std::string("a..b")}}) ==
          "option host: expected a domain name, found \"a..b\"");
    CHECK(refusal_of({{"host", std::string("a.test")}, {"expected", Texts{"2001:db8::1"}}}) ==
          "option expected: expected data of type A like \"192.0.2.1\", found \"2001:db8::1\"");
    CHECK(refusal_of({{"host", std::string("a.test")},
                      {"query_type", std::string("MX")},
                      {"expected", Texts{"10 mail.a.test", "mail.a.test"}}}) ==
          "option expected: expected data of type MX like \"10 mail.example.com\", found "
          "\"mail.a.test\"");
    CHECK(refusal_of({{"host", std::string("a.test")}, {"warning", std::string("soon")}}) ==
          "option warning: expected a number or a range like \"10:20\", found \"soon\"");
  }
}
