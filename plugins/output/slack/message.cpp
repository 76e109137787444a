#include "message.h"

#include <shoal/plugin.hpp>

#include "digest.h"
#include "slack_text.h"

namespace shoal::slack {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
// Slack folds what is longer than some 700 characters and cuts behind some 8,000.
constexpr std::size_t longest_text = 1500;
constexpr std::size_t longest_memo = 500;
constexpr std::size_t longest_fallback = 200;

void add_field(Attachment& attachment, const char* title, std::string value, bool is_short) {
  if (!value.empty()) attachment.fields.push_back({title, std::move(value), is_short});
}

void add_times(Attachment& attachment, const shoal_event& event) {
  const auto kind = kind_of(event);
  if (kind == EventKind::message) return;
  add_field(attachment, "Since", since_words(event), true);
  if (kind == EventKind::recovery) add_field(attachment, "Lasted", lasted_words(event), true);
}

bool is_web_address(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

void add_links(Attachment& attachment, const shoal_event& event) {
  std::string links;
  for (std::uint32_t i = 0; i < event.links.count; ++i) {
    const auto* label = SHOAL_AT(shoal_label, event.links, i);
    const auto key = view(label->key);
    const auto value = view(label->value);
    if (key == "memo") add_field(attachment, "Memo", excerpt(value, longest_memo), false);
    if (key == "memo" || key == "url" || !is_web_address(value)) continue;
    links += (links.empty() ? "<" : "  <") + safe_url(value) + "|" + escaped(key) + ">";
  }
  add_field(attachment, "Links", std::move(links), false);
}

Attachment details_of(const shoal_event& event, const Scene& scene) {
  Attachment attachment;
  attachment.colour = colour_of(event);
  attachment.text = excerpt(body_of(event), longest_text);
  const auto line = first_line(body_of(event));
  attachment.fallback = short_headline(event);
  if (!line.empty()) attachment.fallback += ": " + shortened(line, longest_fallback);
  add_times(attachment, event);
  add_links(attachment, event);
  attachment.footer = lateness_words(event, scene);
  attachment.time = event.time_ns / second_ns;
  return attachment;
}

Message alone(const Item& item, const Scene& scene) {
  return {{item}, headline(*item.event, scene), {details_of(*item.event, scene)}};
}

Message together(const Items& items, const Scene& scene) {
  Message message{items, summary_line(items, scene), {}};
  for (const auto& item : items) {
    auto attachment = details_of(*item.event, scene);
    attachment.title = short_headline(*item.event);
    attachment.title_link = link_of(*item.event, scene);
    message.attachments.push_back(std::move(attachment));
  }
  return message;
}

}  // namespace

std::vector<Message> messages_of(const Items& items, const Scene& scene) {
  if (items.size() == 1) return {alone(items.front(), scene)};
  if (items.size() <= most_unfolded) return {together(items, scene)};
  return digest_of(items, scene);
}

}  // namespace shoal::slack
