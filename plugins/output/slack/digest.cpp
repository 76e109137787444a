#include "digest.h"

#include <array>
#include <map>
#include <string_view>

#include <shoal/plugin.hpp>

#include "slack_text.h"

namespace shoal::slack {
namespace {

// In characters. Slack cuts attachments behind some 8,000 and whole messages behind 40,000; people
// read no further than this.
constexpr std::size_t longest_attachment = 3'000;
constexpr std::size_t longest_message = 12'000;
constexpr std::size_t most_attachments = 10;
constexpr std::size_t longest_name = 250;
constexpr std::size_t longest_line = 100;

// What is told under one heading, most urgent first.
struct Section {
  std::string_view name;
  std::string_view colour;
};
constexpr std::array<Section, 6> sections{{{"CRITICAL", "danger"},
                                           {"UNKNOWN", "#8a5cb8"},
                                           {"WARNING", "warning"},
                                           {"OK", "good"},
                                           {"notices", "#9aa0a6"},
                                           {"messages", "#9aa0a6"}}};
constexpr std::size_t notices = 4;
constexpr std::size_t messages = 5;

std::size_t section_of(const shoal_event& event) {
  const auto kind = kind_of(event);
  if (kind == EventKind::notice) return notices;
  if (kind == EventKind::message) return messages;
  const auto name = status_name(event.to);
  std::size_t at = 0;
  while (sections[at].name != name) ++at;
  return at;
}

using BySection = std::array<Items, sections.size()>;

BySection sorted(const Items& items) {
  BySection all;
  for (const auto& item : items) all[section_of(*item.event)].push_back(item);
  return all;
}

// The last word on each job; where it is not the event's own, its name says so.
using LastWords = std::map<std::string_view, const shoal_event*>;

LastWords last_words(const Items& items) {
  LastWords last;
  for (const auto& item : items) last[view(item.event->job)] = item.event;
  return last;
}

std::string name_in_list(const shoal_event& event, const LastWords& last) {
  auto name = shortened(name_of(event), longest_name);
  const auto* now = last.at(view(event.job));
  if (now->to != event.to) name += " (now " + std::string(status_name(now->to)) + ")";
  return name;
}

struct Style {
  bool has_lines;  // with the first line of each text
  std::string_view separator() const { return has_lines ? "\n" : ", "; }
};

std::string entry_of(const shoal_event& event, const LastWords& last, Style style) {
  auto entry = name_in_list(event, last);
  const auto line = first_line(view(event.text));
  if (style.has_lines && !line.empty()) entry += ": " + shortened(line, longest_line);
  return entry;
}

std::string title_of(std::size_t section, const BySection& all) {
  return std::string(sections[section].name) + " (" + std::to_string(all[section].size()) + ")";
}

// Fills messages one after the other.
class Pages {
 public:
  explicit Pages(Style style) : style_(style) {}

  void open(const Attachment& header) {
    header_ = header;
    is_open_ = false;
  }
  void add(const Item& item, const std::string& entry) {
    const auto size = character_count(entry) + style_.separator().size();
    if (!fits_message(size)) turn();
    if (!is_open_ || in_attachment_ + size > longest_attachment) start_attachment();
    auto& text = pages_.back().attachments.back().text;
    if (!text.empty()) text += style_.separator();
    text += entry;
    in_attachment_ += size;
    in_message_ += size;
    pages_.back().items.push_back(item);
  }
  std::vector<Message> take() { return std::move(pages_); }

 private:
  bool fits_message(std::size_t size) const {
    if (pages_.empty() || in_message_ + size > longest_message) return false;
    const bool fits_attachment = is_open_ && in_attachment_ + size <= longest_attachment;
    return fits_attachment || pages_.back().attachments.size() < most_attachments;
  }
  void turn() {
    pages_.emplace_back();
    in_message_ = 0;
    is_open_ = false;
  }
  void start_attachment() {
    pages_.back().attachments.push_back(header_);
    in_attachment_ = 0;
    is_open_ = true;
  }

  const Style style_;
  Attachment header_;
  std::vector<Message> pages_;
  bool is_open_ = false;  // the last attachment is of this section
  std::size_t in_attachment_ = 0;
  std::size_t in_message_ = 0;
};

std::vector<Message> pages_of(const BySection& all, const LastWords& last, Style style) {
  Pages pages(style);
  for (std::size_t section = 0; section < sections.size(); ++section) {
    Attachment header;
    header.colour = sections[section].colour;
    header.title = title_of(section, all);
    header.fallback = header.title;
    pages.open(header);
    for (const auto& item : all[section]) pages.add(item, entry_of(*item.event, last, style));
  }
  return pages.take();
}

bool has_only_messages(const BySection& all, std::size_t count) {
  return all[messages].size() == count;
}

}  // namespace

std::string summary_line(const Items& items, const Scene& scene) {
  const auto all = sorted(items);
  const auto host = escaped(scene.host);
  const auto count = std::to_string(items.size());
  if (has_only_messages(all, items.size())) return count + " messages from " + host;
  std::string counts;
  for (std::size_t section = 0; section < sections.size(); ++section) {
    if (all[section].empty()) continue;
    counts += (counts.empty() ? "" : ", ") + std::to_string(all[section].size()) + " " +
              std::string(sections[section].name);
  }
  return count + " events on " + host + ": " + counts;
}

std::vector<Message> digest_of(const Items& items, const Scene& scene) {
  const auto all = sorted(items);
  const auto last = last_words(items);
  auto pages = pages_of(all, last, {.has_lines = true});
  if (pages.size() > 1) pages = pages_of(all, last, {.has_lines = false});
  const auto line = summary_line(items, scene);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    pages[i].text = line;
    if (pages.size() > 1) {
      pages[i].text += " (" + std::to_string(i + 1) + " of " + std::to_string(pages.size()) + ")";
    }
  }
  return pages;
}

}  // namespace shoal::slack
