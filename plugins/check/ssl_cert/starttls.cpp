#include "starttls.h"

#include <string_view>
#include <vector>

#include "common/words.h"

namespace shoal::ssl_cert {
namespace {

using common::Result;

struct Step {
  std::string_view say;
  std::string_view good;     // how the answer's last line begins if all is well
  std::string_view further;  // how the lines before it begin; empty: there are none
};

std::vector<Step> steps_of(const std::string& protocol) {
  if (protocol == "smtp") {
    return {
        {"", "220", "220-"}, {"EHLO localhost\r\n", "250", "250-"}, {"STARTTLS\r\n", "220", ""}};
  }
  if (protocol == "imap") return {{"", "* OK", ""}, {"a1 STARTTLS\r\n", "a1 OK", "* "}};
  return {{"", "+OK", ""}, {"STLS\r\n", "+OK", ""}};
}

bool is_good(std::string_view line, const Step& step) {
  const bool is_last = step.further.empty() || !line.starts_with(step.further);
  return is_last && line.starts_with(step.good);
}

// The last line of an answer.
Result read_answer(common::Connection& connection, const Step& step,
                   const common::Deadline& deadline, std::string& line) {
  constexpr std::size_t longest_line = 4096;
  constexpr int most_lines = 100;
  for (int i = 0; i < most_lines; ++i) {
    const auto result = connection.receive_line(line, longest_line, deadline);
    if (result != Result::good) return result;
    if (step.further.empty() || !line.starts_with(step.further)) break;
  }
  return Result::good;
}

Result take(common::Connection& connection, const Step& step, const common::Deadline& deadline,
            std::string& fault) {
  auto result = connection.send(step.say, deadline);
  std::string line;
  if (result == Result::good) result = read_answer(connection, step, deadline, line);
  fault = connection.fault();
  if (result != Result::good || is_good(line, step)) return result;
  const auto said = step.say.substr(0, step.say.find('\r'));
  fault = (said.empty() ? "at first" : "to \"" + std::string(said) + "\"") + " expected \"" +
          std::string(step.good) + "\", got " + common::quoted(line);
  return Result::broken;
}

}  // namespace

Result ask_for_tls(common::Connection& connection, const std::string& protocol,
                   const common::Deadline& deadline, std::string& fault) {
  for (const auto& step : steps_of(protocol)) {
    const auto result = take(connection, step, deadline, fault);
    if (result != Result::good) return result;
  }
  return Result::good;
}

}  // namespace shoal::ssl_cert
