// What slackboard's clients ask for, as messages for an incoming webhook: the same that slackboard
// 0.10.4 makes of them. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.h"
#include "record/record.h"

namespace shoal::relay {

struct Message {
  std::string job;      // "notify:ops", "notify-directly"
  std::string payload;  // JSON, as the webhook takes it
  std::string text;     // for people: the title, if there is one, and the text
  record::Status status = record::Status::ok;  // by its level: warn, crit; others are OK
};

// Why a request is refused, in a sentence.
struct Refusal {
  std::string reason;
  bool is_unknown_tag = false;  // else it is malformed
};

// "#ff0000" of "crit"; empty for a level without a colour, and for none.
std::string_view colour_of_level(std::string_view level);
bool is_level(std::string_view level);

using Reading = std::variant<std::vector<Message>, Refusal>;

// The body of POST /notify: {"tag", "text", "level"?, "title"?, "host"?, "sync"?}. A message for
// each channel of the tag. A level that is not known counts as none, as in slackboard.
Reading read_notify(std::string_view body, const std::vector<config::RelayTag>& tags);

// The body of POST /notify-directly: {"payload": {"channel", "text", "username"?, "icon_emoji"?,
// "parse"?, "attachments"?}, "sync"?}. One message.
Reading read_notify_directly(std::string_view body);

}  // namespace shoal::relay
