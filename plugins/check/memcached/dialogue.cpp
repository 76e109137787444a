#include "dialogue.h"

#include "common/words.h"

namespace shoal::memcached {

using common::Result;

Result Dialogue::ask(std::string_view command) {
  const auto result = connection_.send(command, deadline_);
  fault_ = connection_.fault();
  return result == Result::good ? read_line() : result;
}

Result Dialogue::read_line() {
  constexpr std::size_t longest = 2048;
  const auto result = connection_.receive_line(line_, longest, deadline_);
  fault_ = connection_.fault();
  return result;
}

Result Dialogue::unexpected(const char* command, const std::string& expected) {
  fault_ = std::string(command) + ": expected " + expected + ", got " + common::quoted(line_);
  return Result::broken;
}

Result Dialogue::set(const std::string& key, const std::string& value, int expires_s) {
  const auto result = ask("set " + key + " 0 " + std::to_string(expires_s) + " " +
                          std::to_string(value.size()) + "\r\n" + value + "\r\n");
  if (result != Result::good) return result;
  return line_ == "STORED" ? result : unexpected("set", "STORED");
}

Result Dialogue::expect(const std::string& key, const std::string& value) {
  auto result = ask("get " + key + "\r\n");
  if (result != Result::good) return result;
  if (line_ == "END") {
    fault_ = "get: expected the value just set, found none";
    return Result::broken;
  }
  if (!line_.starts_with("VALUE " + key + " ")) return unexpected("get", "VALUE");
  if ((result = read_line()) != Result::good) return result;
  if (line_ != value) return unexpected("get", "the value just set, \"" + value + "\"");
  if ((result = read_line()) != Result::good) return result;
  return line_ == "END" ? result : unexpected("get", "END");
}

}  // namespace shoal::memcached
