#include "dialogue.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "common/base64.h"
#include "common/fields.h"
#include "common/words.h"

namespace shoal::smtp {
namespace {

using common::base64;
using common::Result;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "250", "250 text" or "250-text".
bool is_reply_line(std::string_view line) {
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, &is_digit)) return false;
  return line.size() == 3 || line[3] == ' ' || line[3] == '-';
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

}  // namespace

Dialogue::Dialogue(common::Connection& connection, const Script& script,
                   const common::Deadline& deadline, std::function<Result()> secure)
    : connection_(connection),
      script_(script),
      deadline_(deadline),
      secure_(std::move(secure)),
      secrets_{base64('\0' + script.user + '\0' + script.password), base64(script.password),
               script.password} {}

Result Dialogue::run() {
  for (const auto step : {&Dialogue::greet, &Dialogue::hello, &Dialogue::upgrade, &Dialogue::log_in,
                          &Dialogue::name_sender, &Dialogue::run_commands}) {
    const auto result = (this->*step)();
    if (result != Result::good) return result;
  }
  return Result::good;
}

void Dialogue::quit() {
  if (!deadline_.has_passed()) connection_.send("QUIT\r\n", deadline_);
}

Result Dialogue::greet() {
  const auto result = expect("greeting", "220");
  if (!reply_.empty()) greeting_ = told(reply_.front());
  return result;
}

Result Dialogue::hello() {
  auto result = say("EHLO " + script_.helo, "EHLO", "250");
  offers_ = std::exchange(reply_, {});
  const bool is_old = !offers_.empty() && offers_.front().starts_with('5');
  if (result != Result::good && is_old) result = say("HELO " + script_.helo, "HELO", "250");
  return result;
}

Result Dialogue::upgrade() {
  if (!script_.starttls) return Result::good;
  if (!offers("STARTTLS")) return unexpected("EHLO: expected the offer of STARTTLS, found none");
  const auto result = say("STARTTLS", "STARTTLS", "220");
  if (result != Result::good) return result;
  const auto secured = secure_();
  fault_ = connection_.fault();
  return secured == Result::good ? hello() : secured;
}

Result Dialogue::log_in() {
  if (script_.user.empty()) return Result::good;
  if (script_.auth == "plain" || (script_.auth.empty() && offers("AUTH", "PLAIN"))) {
    return log_in_plain();
  }
  if (script_.auth == "login" || offers("AUTH", "LOGIN")) return log_in_slowly();
  return unexpected("EHLO: expected the offer of AUTH PLAIN or LOGIN, found neither");
}

Result Dialogue::log_in_plain() {
  return say("AUTH PLAIN " + base64('\0' + script_.user + '\0' + script_.password), "AUTH PLAIN",
             "235");
}

Result Dialogue::log_in_slowly() {
  auto result = say("AUTH LOGIN", "AUTH LOGIN", "334");
  if (result == Result::good) result = say(base64(script_.user), "AUTH LOGIN, user", "334");
  if (result != Result::good) return result;
  return say(base64(script_.password), "AUTH LOGIN, password", "235");
}

Result Dialogue::name_sender() {
  if (script_.from.empty()) return Result::good;
  return say("MAIL FROM:<" + script_.from + ">", "MAIL FROM", "250");
}

Result Dialogue::run_commands() {
  for (const auto& command : script_.commands) {
    const auto result = say(command, command, "2");
    if (result != Result::good) return result;
  }
  return Result::good;
}

Result Dialogue::say(const std::string& line, const std::string& name, std::string_view expected) {
  const auto result = connection_.send(line + "\r\n", deadline_);
  fault_ = name + ": " + connection_.fault();
  return result == Result::good ? expect(name, expected) : result;
}

Result Dialogue::expect(const std::string& name, std::string_view expected) {
  const auto result = read_reply();
  if (result != Result::good) {
    fault_ = name + ": " + fault_;
    return result;
  }
  const auto& last = reply_.back();
  if (last.starts_with(expected)) return result;
  return unexpected(name + ": expected " + std::string(expected) +
                    (expected.size() < 3 ? "xx" : "") + ", got " + told(last));
}

Result Dialogue::read_reply() {
  constexpr std::size_t longest_line = 4096;
  constexpr std::size_t most_lines = 100;
  reply_.clear();
  std::string line;
  do {
    const auto result = connection_.receive_line(line, longest_line, deadline_);
    fault_ = connection_.fault();
    if (result != Result::good) return result;
    if (!is_reply_line(line)) {
      return unexpected("expected a line like \"250 text\", found " + told(line));
    }
    reply_.push_back(line);
    if (reply_.size() > most_lines) return unexpected("expected at most 100 lines, found more");
  } while (line.size() > 3 && line[3] == '-');
  return Result::good;
}

// A server may repeat what it was told.
std::string Dialogue::told(std::string text) const {
  for (const auto& secret : secrets_) text = common::without_secret(std::move(text), secret);
  return common::quoted(text);
}

Result Dialogue::unexpected(const std::string& fault) {
  fault_ = fault;
  return Result::broken;
}

bool Dialogue::offers(std::string_view extension, std::string_view parameter) const {
  return std::any_of(offers_.begin(), offers_.end(), [&](const std::string& line) {
    const auto words = upper(line.substr(std::min<std::size_t>(4, line.size())));
    std::string_view rest = words;
    if (common::take_field(rest) != extension) return false;
    if (parameter.empty()) return true;
    while (const auto word = common::take_field(rest)) {
      if (*word == parameter) return true;
    }
    return false;
  });
}

}  // namespace shoal::smtp
