#include "relay/message.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace shoal::relay {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Slack takes no more attachments; each becomes many times as long as it may have been.
constexpr std::size_t most_elements = 100;

struct Level {
  std::string_view name;
  std::string_view colour;
  record::Status status;
};
constexpr std::array<Level, 4> levels{{{"message", "", record::Status::ok},
                                       {"info", "#00ff00", record::Status::ok},
                                       {"warn", "#ffdd00", record::Status::warning},
                                       {"crit", "#ff0000", record::Status::critical}}};

const Level& level_of(std::string_view name) {
  const auto* const found = std::find_if(levels.begin(), levels.end(),
                                         [&](const Level& level) { return level.name == name; });
  return found == levels.end() ? levels.front() : *found;
}

// Reads the members of one object; the first thing that is wrong is remembered.
class Members {
 public:
  // `place` stands in front of names: "payload.".
  Members(const json& object, std::string place, std::string& fault)
      : object_(object), place_(std::move(place)), fault_(fault) {
    if (!object.is_object()) fail("expected an object");
  }

  std::string text(const char* name) const {
    const json* const value = find(name);
    if (value == nullptr) return {};
    if (value->is_string()) return value->get<std::string>();
    fail(fmt::format("{}{}: expected a string", place_, name));
    return {};
  }

  bool flag(const char* name) const {
    const json* const value = find(name);
    if (value == nullptr) return false;
    if (value->is_boolean()) return value->get<bool>();
    fail(fmt::format("{}{}: expected true or false", place_, name));
    return false;
  }

  // The elements of an array; none if it is absent or null.
  std::vector<Members> objects(const char* name) const {
    std::vector<Members> all;
    const json* const value = find(name);
    if (value == nullptr) return all;
    if (!value->is_array()) {
      fail(fmt::format("{}{}: expected an array", place_, name));
      return all;
    }
    if (value->size() > most_elements) {
      fail(fmt::format("{}{}: expected at most {} elements, found {}", place_, name, most_elements,
                       value->size()));
      return all;
    }
    for (const json& element : *value) {
      all.emplace_back(element, fmt::format("{}{}[{}].", place_, name, all.size()), fault_);
    }
    return all;
  }

  Members object(const char* name) const {
    static const json nothing = json::object();
    const json* const value = find(name);
    if (value == nullptr) fail(fmt::format("{}{} is missing", place_, name));
    return {value == nullptr ? nothing : *value, fmt::format("{}{}.", place_, name), fault_};
  }

  void fail(std::string fault) const {
    if (fault_.empty()) fault_ = std::move(fault);
  }

 private:
  // Null is as good as absent.
  const json* find(const char* name) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  const json& object_;
  std::string place_;
  std::string& fault_;
};

Refusal malformed(const std::string& fault) {
  return {"Request-body is malformed: " + fault};
}

// In the order, and with the empty members, in which slackboard writes them.
ordered_json attachment_of(const std::string& colour, const std::string& title,
                           const std::string& text) {
  return {{"fallback", ""},    {"color", colour},   {"pretext", ""},   {"author_name", ""},
          {"author_link", ""}, {"author_icon", ""}, {"title", title},  {"title_link", ""},
          {"text", text},      {"fields", nullptr}, {"image_url", ""}, {"thumb_url", ""}};
}

ordered_json attachment_of(const Members& given) {
  auto made = attachment_of(given.text("color"), given.text("title"), given.text("text"));
  for (const auto* name : {"fallback", "pretext", "author_name", "author_link", "author_icon",
                           "title_link", "image_url", "thumb_url"}) {
    made[name] = given.text(name);
  }
  for (const Members& field : given.objects("fields")) {
    made["fields"].push_back({{"title", field.text("title")},
                              {"value", field.text("value")},
                              {"short", field.flag("short")}});
  }
  return made;
}

std::string payload_of(const std::string& channel, const config::RelayTag& from,
                       const std::string& text, ordered_json attachments) {
  const ordered_json payload{
      {"channel", channel}, {"username", from.username}, {"icon_emoji", from.icon_emoji},
      {"text", text},       {"parse", from.parse},       {"attachments", std::move(attachments)}};
  return payload.dump();
}

}  // namespace

std::string_view colour_of_level(std::string_view level) {
  return level_of(level).colour;
}

bool is_level(std::string_view level) {
  return level_of(level).name == level;
}

Reading read_notify(std::string_view body, const std::vector<config::RelayTag>& tags) {
  const json parsed = json::parse(body, nullptr, false);
  if (parsed.is_discarded()) return malformed("expected one JSON object in UTF-8");
  std::string fault;
  const Members request(parsed, "", fault);
  const std::string name = request.text("tag");
  const std::string text = request.text("text");
  const std::string title = request.text("title");
  const Level& level = level_of(request.text("level"));
  request.flag("sync");  // Both ways answer when the message is on disk.
  if (text.empty()) request.fail("text is missing");
  if (name.empty()) request.fail("tag is missing");
  if (!fault.empty()) return malformed(fault);

  const auto tag = std::find_if(tags.begin(), tags.end(),
                                [&](const config::RelayTag& one) { return one.name == name; });
  if (tag == tags.end()) return Refusal{fmt::format("tag:{} is not found", name), true};
  const bool is_plain = level.colour.empty() && title.empty();
  ordered_json attachments;
  if (!is_plain) attachments.push_back(attachment_of(std::string(level.colour), title, text));
  std::vector<Message> messages;
  for (const std::string& channel : tag->channels) {
    messages.push_back({.job = "notify:" + name,
                        .payload = payload_of(channel, *tag, is_plain ? text : "", attachments),
                        .text = title.empty() ? text : title + "\n" + text,
                        .status = level.status});
  }
  return messages;
}

Reading read_notify_directly(std::string_view body) {
  const json parsed = json::parse(body, nullptr, false);
  if (parsed.is_discarded()) return malformed("expected one JSON object in UTF-8");
  std::string fault;
  const Members request(parsed, "", fault);
  request.flag("sync");
  const Members payload = request.object("payload");
  const std::string text = payload.text("text");
  const std::string channel = payload.text("channel");
  const config::RelayTag from{.username = payload.text("username"),
                              .icon_emoji = payload.text("icon_emoji"),
                              .parse = payload.text("parse")};
  ordered_json attachments;
  std::string words = text;
  for (const Members& given : payload.objects("attachments")) {
    attachments.push_back(attachment_of(given));
    for (const auto* name : {"title", "text"}) {
      const std::string more = given.text(name);
      if (!more.empty()) words += (words.empty() ? "" : "\n") + more;
    }
  }
  if (text.empty() && attachments.empty()) payload.fail("payload has neither text nor attachments");
  if (!fault.empty()) return malformed(fault);
  return std::vector<Message>{{.job = "notify-directly",
                               .payload = payload_of(channel, from, text, std::move(attachments)),
                               .text = words}};
}

}  // namespace shoal::relay
