// A dialogue in SMTP over a Connection, up to where a message would begin. Replies are bounded.
// Knows neither the SDK nor what protects the connection. Not thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/connection.h"

namespace shoal::smtp {

// What to say, as far as it is not empty; nothing in it contains a line end but user and password.
struct Script {
  std::string helo;
  bool starttls = false;
  std::string user;  // empty: no login
  std::string password;
  std::string auth;  // "plain", "login"; empty: what the server offers
  std::string from;
  std::vector<std::string> commands;
};

class Dialogue {
 public:
  // `secure` begins TLS.
  Dialogue(common::Connection& connection, const Script& script, const common::Deadline& deadline,
           std::function<common::Result()> secure);

  // Anything but good: fault() says why.
  common::Result run();
  // Waits for no answer.
  void quit();

  const std::string& greeting() const { return greeting_; }  // its first line, in quotes
  const std::string& fault() const { return fault_; }

 private:
  common::Result greet();
  common::Result hello();
  common::Result upgrade();
  common::Result log_in();
  common::Result log_in_plain();
  common::Result log_in_slowly();
  common::Result name_sender();
  common::Result run_commands();

  // Sends a line and reads the reply; `name` is how a fault calls it.
  common::Result say(const std::string& line, const std::string& name, std::string_view expected);
  common::Result expect(const std::string& name, std::string_view expected);
  common::Result read_reply();
  common::Result unexpected(const std::string& fault);
  std::string told(std::string text) const;  // in quotes, without the secrets
  bool offers(std::string_view extension, std::string_view parameter = {}) const;

  common::Connection& connection_;
  const Script& script_;
  const common::Deadline& deadline_;
  std::function<common::Result()> secure_;
  std::vector<std::string> reply_;   // lines of the last one
  std::vector<std::string> offers_;  // lines of the reply to EHLO
  std::vector<std::string> secrets_;
  std::string greeting_;
  std::string fault_;
};

}  // namespace shoal::smtp
