// A name server's answer as text. Reads what anybody may have sent: nothing outside the message is
// touched, and what does not fit together is told. Knows nothing of the SDK. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "record.h"

namespace shoal::dns {

struct Answer {
  unsigned code = 0;  // the rcode
  bool is_truncated = false;
  // The data of the records of the type, as normalized() writes it, in the order of the message.
  std::vector<std::string> records;
  // Not empty: it is no answer, and why.
  std::string fault;
};

Answer parse_answer(std::string_view message, const RecordType& type);

// "NOERROR", "NXDOMAIN"; "rcode 14" if it has no well-known name.
std::string code_name(unsigned code);

}  // namespace shoal::dns
