#include <doctest/doctest.h>

#include "bytes.h"
#include "chrony.h"
#include "control.h"
#include "sntp.h"
#include "support/recorded.h"

using shoal::ntp::append_number;
using shoal::ntp::read_sntp;
using shoal::ntp::read_tracking;
using shoal::ntp::read_variables;
using shoal::ntp::Timestamp;
using shoal::test::recorded;

namespace {

// Of the recorded question to a server.
constexpr Timestamp mark = 0x0102030405060708;
constexpr Timestamp second = Timestamp{1} << 32U;

std::string with(std::string text, std::size_t at, const std::string& bytes) {
  return text.replace(at, bytes.size(), bytes);
}

std::string stamp(Timestamp time) {
  std::string bytes;
  append_number(bytes, time, 8);
  return bytes;
}

// An answer of a server whose clock said so when the question came and when the answer left.
std::string answer_at(Timestamp heard, Timestamp answered) {
  return with(with(recorded("sntp-local"), 32, stamp(heard)), 40, stamp(answered));
}

std::uint32_t mark_of(const std::string& tracking) {
  return static_cast<std::uint32_t>(shoal::ntp::number_at(tracking, 16, 4));
}

// As ntpd answers to the question number 9.
std::string variables(const std::string& list, const std::string& operation = "\x82") {
  std::string answer = "\x16" + operation;
  append_number(answer, 9, 2);
  append_number(answer, 0x0615, 2);
  append_number(answer, 0, 4);
  append_number(answer, list.size(), 2);
  return answer + list;
}

}  // namespace

TEST_SUITE("ntp server") {
  TEST_CASE("asks as a client, and says no more than a random number") {
    const auto request = shoal::ntp::sntp_request(mark);

    CHECK(request == "\x23" + std::string(39, '\0') + "\x01\x02\x03\x04\x05\x06\x07\x08");
  }

  TEST_CASE("reads offset and stratum") {
    const auto whole = recorded("sntp-local");
    const Timestamp heard = shoal::ntp::number_at(whole, 32, 8);

    const auto reading = read_sntp(whole, mark, heard, heard);

    CHECK(reading->fault.empty());
    CHECK(reading->stratum == 8);
    CHECK(reading->offset >= 0);
    // Half of the time that the server took.
    CHECK(reading->offset < 0.01);
  }

  TEST_CASE("takes the way there and back out of the offset") {
    const Timestamp now = 1000 * second;

    // Two seconds each way, one to think, and a clock that is ten seconds behind or ahead.
    const auto behind =
        read_sntp(answer_at(now + 12 * second, now + 13 * second), mark, now, now + 5 * second);
    const auto ahead =
        read_sntp(answer_at(now - 8 * second, now - 7 * second), mark, now, now + 5 * second);

    CHECK(behind->offset == doctest::Approx(10));
    CHECK(ahead->offset == doctest::Approx(-10));
  }

  TEST_CASE("reads across the end of the era in 2036") {
    const Timestamp last = ~Timestamp{0} - second;

    const auto reading = read_sntp(answer_at(2 * second, 2 * second), mark, last, last);

    CHECK(reading->offset == doctest::Approx(3));
  }

  TEST_CASE("tells a server that does not know the time") {
    const auto whole = recorded("sntp-local");
    const std::string highest(1, '\x10');

    CHECK(read_sntp(recorded("sntp-unsynchronized"), mark, 0, 0)->is_unsynchronized);
    CHECK(read_sntp(recorded("sntp-unsynchronized"), mark, 0, 0)->fault ==
          "it is not synchronized");
    CHECK(read_sntp(with(whole, 0, "\xe4"), mark, 0, 0)->is_unsynchronized);
    CHECK(read_sntp(with(whole, 1, highest), mark, 0, 0)->is_unsynchronized);
    CHECK(read_sntp(with(whole, 1, "\xff"), mark, 0, 0)->is_unsynchronized);
    CHECK(read_sntp(answer_at(second, 0), mark, 0, 0)->fault == "it told no time");
  }

  TEST_CASE("tells a kiss of death") {
    const auto kiss = with(recorded("sntp-unsynchronized"), 12, "RATE");

    const auto reading = read_sntp(kiss, mark, 0, 0);

    CHECK_FALSE(reading->is_unsynchronized);
    CHECK(reading->fault == "it refuses to tell the time: RATE");
  }

  TEST_CASE("takes nothing that is no answer to its question") {
    const auto whole = recorded("sntp-local");

    for (std::size_t size = 0; size < whole.size(); ++size) {
      CHECK_FALSE(read_sntp(whole.substr(0, size), mark, 0, 0));
    }
    CHECK_FALSE(read_sntp(whole, mark + 1, 0, 0));
    CHECK_FALSE(read_sntp(shoal::ntp::sntp_request(mark), mark, 0, 0));
    CHECK_FALSE(read_sntp(with(whole, 0, "\x25"), mark, 0, 0));
  }
}

TEST_SUITE("ntp chronyd") {
  TEST_CASE("asks with as many bytes as the answer has") {
    const auto request = shoal::ntp::tracking_request(0x8e9aa7de);

    CHECK(request ==
          std::string("\x06\x01\0\0\0\x21\0\0\x8e\x9a\xa7\xde", 12) + std::string(92, '\0'));
    CHECK(request.size() == recorded("chrony-local").size());
  }

  TEST_CASE("reads offset and stratum") {
    const auto local = recorded("chrony-local");
    const auto client = recorded("chrony-client");

    const auto own = read_tracking(local, mark_of(local));
    const auto other = read_tracking(client, mark_of(client));

    CHECK(own->fault.empty());
    CHECK(own->stratum == 8);
    CHECK(own->offset == 0);
    // chronyc said "0.000001348 seconds fast", and a last offset of -0.000000022 seconds.
    CHECK(other->stratum == 9);
    CHECK(other->offset == doctest::Approx(-1.348e-6).epsilon(0.001));
    CHECK(other->kind == "still to be corrected");
  }

  TEST_CASE("reads what is still to be corrected") {
    const auto slewing = recorded("chrony-slewing");

    const auto reading = read_tracking(slewing, mark_of(slewing));

    // chronyc said "8.000023842 seconds slow", and a last offset of -0.000000319 seconds.
    CHECK(reading->fault.empty());
    CHECK(reading->offset == doctest::Approx(8.000023842).epsilon(1e-9));
    CHECK(reading->kind == "still to be corrected");
  }

  TEST_CASE("takes the larger of both offsets, behind over zero and ahead under it") {
    const auto local = recorded("chrony-local");
    const auto reading = [&](std::uint64_t to_correct, std::uint64_t last) {
      std::string bytes;
      append_number(bytes, to_correct, 4);
      append_number(bytes, last, 4);
      return *read_tracking(with(local, 68, bytes), mark_of(local));
    };
    constexpr std::uint64_t half = 0x02800000, one = 0x04800000, minus_one = 0x05800000;

    CHECK(reading(half, one).offset == doctest::Approx(-1));
    CHECK(reading(half, one).kind == "at the last update");
    CHECK(reading(half, minus_one).offset == doctest::Approx(1));
    CHECK(reading(one, half).offset == doctest::Approx(1));
    CHECK(reading(minus_one, half).offset == doctest::Approx(-1));
    CHECK(reading(minus_one, half).kind == "still to be corrected");
  }

  TEST_CASE("reads what is over zero and what is large") {
    const auto local = recorded("chrony-local");
    const auto offset = [&](std::uint64_t number) {
      std::string bytes;
      append_number(bytes, 0, 4);
      append_number(bytes, number, 4);
      return read_tracking(with(local, 68, bytes), mark_of(local))->offset;
    };

    CHECK(offset(0x02800000) == doctest::Approx(-0.5));
    CHECK(offset(0x04800000) == doctest::Approx(-1));
    CHECK(offset(0x05800000) == doctest::Approx(1));
    CHECK(offset(0x7e800000) == doctest::Approx(-2.305843e18));
  }

  TEST_CASE("tells a chronyd that does not know the time") {
    const auto lost = recorded("chrony-unsynchronized");
    const auto local = recorded("chrony-local");

    CHECK(read_tracking(lost, mark_of(lost))->is_unsynchronized);
    CHECK(read_tracking(with(local, 54, std::string("\0\x03", 2)), mark_of(local))
              ->is_unsynchronized);
  }

  TEST_CASE("tells a chronyd that answers otherwise") {
    const auto local = recorded("chrony-local");
    const auto own = mark_of(local);

    CHECK(read_tracking(with(local, 8, std::string("\0\x02", 2)), own)->fault ==
          "it does not answer the question: status 2");
    CHECK(read_tracking(with(local, 0, "\x07"), own)->fault ==
          "it does not answer the question: status 0");
    CHECK(read_tracking(with(local, 6, std::string("\0\x06", 2)), own)->fault ==
          "its answer is of another kind");
    CHECK(read_tracking(local.substr(0, 103), own)->fault == "its answer is of another kind");
    CHECK(read_tracking(local.substr(0, 28), own)->fault == "its answer is of another kind");
  }

  TEST_CASE("takes nothing that is no answer to its question") {
    const auto local = recorded("chrony-local");

    for (std::size_t size = 0; size < 28; ++size) {
      CHECK_FALSE(read_tracking(local.substr(0, size), mark_of(local)));
    }
    CHECK_FALSE(read_tracking(local, mark_of(local) + 1));
    CHECK_FALSE(read_tracking(shoal::ntp::tracking_request(0), 0));
  }
}

TEST_SUITE("ntp ntpd") {
  TEST_CASE("asks for three variables of the host") {
    CHECK(shoal::ntp::variables_request(9) == std::string("\x16\x02\0\x09\0\0\0\0\0\0\0\x13"
                                                          "leap,stratum,offset\0",
                                                          32));
  }

  TEST_CASE("reads offset and stratum") {
    const auto own = read_variables(recorded("ntpd-local"), 9);
    const auto reading = read_variables(variables("leap=0, stratum=2,\r\noffset=-21.5\r\n"), 9);

    CHECK(own->fault.empty());
    CHECK(own->stratum == 6);
    CHECK(own->offset == 0);
    CHECK(reading->fault.empty());
    CHECK(reading->stratum == 2);
    CHECK(reading->offset == doctest::Approx(-0.0215));
  }

  TEST_CASE("tells an ntpd that does not know the time") {
    CHECK(read_variables(recorded("ntpd-unsynchronized"), 9)->is_unsynchronized);
    CHECK(read_variables(variables("leap=3, stratum=16, offset=0.000"), 9)->is_unsynchronized);
    CHECK(read_variables(variables("leap=3, stratum=2, offset=0.000"), 9)->is_unsynchronized);
  }

  TEST_CASE("tells an ntpd that answers otherwise") {
    for (const auto* list :
         {"", "x", "stratum=2", "offset=1", "stratum=two, offset=1", "stratum=2, offset=nan",
          "stratum=17, offset=1", "stratum=-1, offset=1", ",,,=,=="}) {
      CAPTURE(list);
      const auto reading = read_variables(variables(list), 9);
      CHECK(reading->fault ==
            "expected its stratum and offset, found \"" + std::string(list) + "\"");
    }
    CHECK(read_variables(variables("", "\xc2"), 9)->fault ==
          "it does not answer the question: error 6");
  }

  TEST_CASE("takes nothing that is no answer to its question") {
    const auto answer = variables("leap=0, stratum=2, offset=1");

    for (std::size_t size = 0; size < 12; ++size) {
      CHECK_FALSE(read_variables(answer.substr(0, size), 9));
    }
    CHECK_FALSE(read_variables(answer, 10));
    CHECK_FALSE(read_variables(shoal::ntp::variables_request(9), 9));
    CHECK_FALSE(read_variables(with(answer, 0, "\x14"), 9));
    // It says that there is more than there is.
    CHECK(read_variables(with(answer, 10, "\xff\xff"), 9)->stratum == 2);
  }
}
