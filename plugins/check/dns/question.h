// Asks a name server one question and waits for the answer, with c-ares, which asks again when an
// answer is lost and goes on over TCP when it was cut short. Knows nothing of the SDK's options.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/deadline.h"
#include "common/net/address.h"

namespace shoal::dns {

struct Question {
  std::string name;
  std::uint16_t type = 1;
  bool is_recursive = true;
};

// Whether the question can be put into a message: its labels are not empty nor too long.
bool can_be_asked(const Question& question);

struct Reply {
  enum class Outcome { answered, unanswered, impossible };
  Outcome outcome = Outcome::unanswered;
  std::string message;  // as it came
  std::string fault;    // why there is none
};

// The servers are asked one after the other until one answers.
Reply ask(const std::vector<common::Address>& servers, const Question& question,
          const common::Deadline& deadline);

inline constexpr auto resolv_conf = "/etc/resolv.conf";

// The first name server of this host, with that port; 127.0.0.1 if the file names none, as
// resolv.conf(5) has it. Nothing: `fault` says why the file cannot be read.
std::optional<common::Address> system_server(std::uint16_t port, std::string& fault,
                                             const std::string& path = resolv_conf);

}  // namespace shoal::dns
