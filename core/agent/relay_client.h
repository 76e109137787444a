// Posts to a relay, or a slackboard: a message to a tag, or straight to a channel. For the command
// line: blocks, and says on stderr when it has to try again.
#pragma once

#include <chrono>
#include <string>

#include "agent/arguments.h"

namespace shoal::agent {

// What the flags of notify and log-exec say of the message, less its text.
struct Letter {
  std::string tag;      // either this
  std::string channel;  // or this: "#ops", "@someone"; "#" is added to other words
  std::string level;    // message, info, warn or crit
  std::string title;
  std::string colour;  // of a message to a channel; goes before the level's
  std::string username;
  std::string icon_emoji;
  std::string parse;
  bool is_sync = false;
};

// Throws UsageError unless there is a tag or a channel, and for a level that is none.
Letter letter_of(const Arguments& arguments, const std::string& default_level);

struct RetryRules {
  int most = 4;  // tries after the first one
  std::chrono::milliseconds first_wait{1'000};
  std::chrono::milliseconds longest_wait{10'000};
};
RetryRules retry_rules_of(const Arguments& arguments);

class RelayClient {
 public:
  // The server is what --server says, else SLACKBOARD_SERVER, else where the relay of the
  // configuration listens. Throws UsageError when there is none, Error when the configuration that
  // would say it cannot be read.
  explicit RelayClient(const Arguments& arguments);

  // Returns when the relay has the message. Throws Error with its answer, or why there is none.
  void post(const Letter& letter, const std::string& text) const;

  const std::string& server() const { return server_; }

 private:
  std::string url_of(const std::string& path) const;

  std::string server_;
  std::string tls_module_;
  RetryRules rules_;
};

}  // namespace shoal::agent
