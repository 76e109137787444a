// Messages as Slack shows them, and how events become them: one event a message; a few that come
// together share one; more are folded into a summary that names them all, over as many messages as
// Slack's sizes ask for. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "event_words.h"

namespace shoal::slack {

struct Field {
  std::string title;
  std::string value;
  bool is_short = true;
};

// A part with a colour bar. Empty members are not sent.
struct Attachment {
  std::string colour;
  std::string fallback;  // for clients that show no attachments
  std::string title;
  std::string title_link;
  std::string text;
  std::vector<Field> fields;
  std::string footer;
  std::int64_t time = 0;  // Unix seconds
};

struct Item {
  std::uint32_t record;      // its place in the batch
  const shoal_event* event;  // never NULL
};
using Items = std::vector<Item>;

struct Message {
  Items items;  // what it tells; together the messages tell each item once
  std::string text;
  std::vector<Attachment> attachments;
};

// More than these that come together are folded.
inline constexpr std::size_t most_unfolded = 5;

// `items` are oldest first, and not empty.
std::vector<Message> messages_of(const Items& items, const Scene& scene);

}  // namespace shoal::slack
