#include "answer.h"

#include <doctest/doctest.h>

#include "record.h"
#include "support/recorded.h"

using shoal::dns::compare;
using shoal::dns::find_record_type;
using shoal::dns::Match;
using shoal::dns::normalized;
using shoal::dns::parse_answer;
using shoal::test::recorded;
using Texts = std::vector<std::string>;

namespace {

shoal::dns::Answer parsed(const std::string& message, const char* type) {
  return parse_answer(message, *find_record_type(type));
}

std::string usual(const char* type, const char* data) {
  return normalized(*find_record_type(type), data);
}

}  // namespace

TEST_SUITE("dns answer") {
  TEST_CASE("reads the records of each type") {
    const struct {
      const char* file;
      const char* type;
      Texts records;
    } cases[] = {
        {"a", "A", {"192.0.2.1", "192.0.2.2"}},
        {"aaaa", "AAAA", {"2001:db8::1"}},
        {"caa", "CAA", {"0 issue \"ca.example\""}},
        {"cname", "CNAME", {"www.shoal.test"}},
        {"alias-a", "A", {"192.0.2.2", "192.0.2.1"}},
        {"alias-a", "CNAME", {"www.shoal.test"}},
        {"mx", "MX", {"20 mail2.shoal.test", "10 mail.shoal.test"}},
        {"ns", "NS", {"ns.shoal.test"}},
        {"ptr", "PTR", {"www.shoal.test"}},
        {"soa", "SOA", {"ns.shoal.test admin.shoal.test 2026112901 7200 3600 1209600 3600"}},
        {"srv", "SRV", {"10 5 5060 sip.shoal.test"}},
        {"txt", "TXT", {"v=spf1 -allmore, too"}},
        {"nodata", "AAAA", {}},
    };
    for (const auto& one : cases) {
      CAPTURE(one.file);

      const auto answer = parsed(recorded(one.file), one.type);

      CHECK(answer.fault.empty());
      CHECK(answer.code == 0);
      CHECK(answer.records == one.records);
    }
  }

  TEST_CASE("names the code of an error") {
    CHECK(shoal::dns::code_name(parsed(recorded("nxdomain"), "A").code) == "NXDOMAIN");
    CHECK(shoal::dns::code_name(parsed(recorded("refused"), "A").code) == "REFUSED");
    CHECK(shoal::dns::code_name(9) == "rcode 9");
  }

  TEST_CASE("tells an answer that ends early, wherever it ends") {
    for (const auto& [file, type] : {std::pair("soa", "SOA"), {"mx", "MX"}, {"txt", "TXT"}}) {
      const auto whole = recorded(file);
      for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(parsed(whole.substr(0, size), type).fault.empty());
      }
    }
    CHECK(parsed("", "A").fault == "the answer is shorter than its head");
    CHECK(parsed(recorded("a").substr(0, 20), "A").fault ==
          "the question in the answer is damaged");
    CHECK(parsed(recorded("a").substr(0, 60), "A").fault ==
          "record 2 of 2 in the answer is damaged");
  }

  TEST_CASE("survives any byte being another one") {
    for (const auto* file : {"soa", "mx", "srv", "txt", "caa"}) {
      const auto whole = recorded(file);
      for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const int byte : {0x00, 0x01, 0x3f, 0x40, 0xc0, 0xff}) {
          auto damaged = whole;
          damaged[at] = static_cast<char>(byte);
          for (const auto* type : {"A", "SOA", "MX", "SRV", "TXT", "CAA"}) parsed(damaged, type);
        }
      }
    }
    CHECK(true);
  }

  TEST_CASE("does not follow a name that leads to itself") {
    auto looping = recorded("ns");
    looping[looping.size() - 15] = '\xc0';
    looping[looping.size() - 14] = static_cast<char>(looping.size() - 15);

    CHECK(parsed(looping, "NS").fault == "record 1 of 1 in the answer is damaged");
  }

  TEST_CASE("tells a question from an answer, and one that was cut short") {
    auto question = recorded("a");
    question[2] = 0x01;
    auto cut = recorded("a");
    cut[2] = static_cast<char>(cut[2] | 0x02);

    CHECK(parsed(question, "A").fault == "the answer is a question");
    CHECK(parsed(cut, "A").is_truncated);
    CHECK_FALSE(parsed(recorded("a"), "A").is_truncated);
  }
}

TEST_SUITE("dns record") {
  TEST_CASE("writes data in its usual form") {
    CHECK(usual("A", "192.0.2.1") == "192.0.2.1");
    CHECK(usual("A", "192.0.2.1/24").empty());
    CHECK(usual("AAAA", "2001:DB8:0::1") == "2001:db8::1");
    CHECK(usual("AAAA", "192.0.2.1").empty());
    CHECK(usual("MX", " 10  Mail.Example.com. ") == "10 mail.example.com");
    CHECK(usual("NS", ".") == ".");
    CHECK(usual("TXT", "V=spf1 \xc3\xa4") == "V=spf1 \\195\\164");
  }

  TEST_CASE("writes numbers as they stand in an answer") {
    CHECK(usual("MX", "010 mail.a.test") == "10 mail.a.test");
    CHECK(usual("MX", "65535 mail.a.test") == "65535 mail.a.test");
    CHECK(usual("SRV", "10 5 5060\tsip.a.test") == "10 5 5060 sip.a.test");
    CHECK(usual("SOA", "ns.a admin.a 4294967295 1 2 3 4") == "ns.a admin.a 4294967295 1 2 3 4");
    CHECK(usual("CAA", "0  issue \"ca.example; a=b\" ") == "0 issue \"ca.example; a=b\"");
  }

  TEST_CASE("tells data that no record of the type can have") {
    const struct {
      const char* type;
      Texts data;
    } cases[] = {
        {"MX", {"", "mail.a.test", "10", "ten mail.a.test", "-1 m", "65536 m", "10 m m", "m 10"}},
        {"SRV", {"5 5060 sip.a.test", "10 5 65536 sip.a.test", "10 5 5060 sip.a.test x"}},
        {"SOA",
         {"ns.a admin.a 1 2 3 4", "ns.a admin.a 4294967296 1 2 3 4", "ns.a admin.a 1 2 3 4 five"}},
        {"NS", {"", "ns.a.test ns2.a.test"}},
        {"CNAME", {"a b"}},
        {"PTR", {"a b"}},
        {"CAA",
         {"", "ca.example", "0 issue ca.example", "0 issue \"", "256 issue \"a\"",
          "0 issue x \"a\"", "0 issue \"a\" x"}},
    };
    for (const auto& one : cases) {
      for (const auto& data : one.data) {
        CAPTURE(one.type);
        CAPTURE(data);
        CHECK(usual(one.type, data.c_str()).empty());
      }
    }
  }

  TEST_CASE("has an example for each type that is data of it") {
    for (const auto* name : {"A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"}) {
      CAPTURE(name);
      std::string example(find_record_type(name)->example);
      std::erase(example, '\\');
      CHECK(usual(name, example.c_str()) == example);
    }
  }

  TEST_CASE("compares as sets") {
    CHECK(compare({"a", "b"}, {"b", "a", "a"}) == Match::equal);
    CHECK(compare({"a", "b"}, {"a"}) == Match::partial);
    CHECK(compare({"a"}, {"a", "b"}) == Match::partial);
    CHECK(compare({"a"}, {"b"}) == Match::none);
    CHECK(compare({"a"}, {}) == Match::none);
  }

  TEST_CASE("turns an address into the name of its PTR record") {
    CHECK(shoal::dns::reverse_name("192.0.2.1") == "1.2.0.192.in-addr.arpa");
    CHECK(shoal::dns::reverse_name("2001:db8::1") ==
          "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
    CHECK(shoal::dns::reverse_name("www.example.com") == "www.example.com");
  }
}
