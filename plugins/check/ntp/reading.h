// What somebody who knows the time says of this host's clock. Plain value.
#pragma once

#include <string>
#include <string_view>

namespace shoal::ntp {

struct Reading {
  double offset = 0;     // seconds; over 0: this clock is behind
  unsigned stratum = 0;  // steps to a clock that is right by itself
  // Who was asked knows the time no better; `fault` may say more.
  bool is_unsynchronized = false;
  // Not empty: there is no offset, and why.
  std::string fault;
  // Which offset it is, of one who tells several. A literal.
  std::string_view kind = {};
};

}  // namespace shoal::ntp
