// [relay].
#include <fmt/core.h>

#include "config/sections.h"

namespace shoal::config {

namespace {

constexpr std::int64_t highest_rate = 100'000;

void read_listen(const Section& section, RelaySettings& relay) {
  const auto text = section.text("listen");
  if (!text) return;
  const auto address = parse_listen_address(*text);
  if (address) {
    relay.listen = *address;
  } else {
    section.fail("listen", fmt::format("expected an address like \"127.0.0.1:29800\" or "
                                       "\"unix:/run/shoal/relay.sock\", got \"{}\"",
                                       *text));
  }
}

void read_rate(const Section& section, RelaySettings& relay) {
  const auto rate = section.integer("rate");
  if (!rate) return;
  if (*rate < 0 || *rate > highest_rate) {
    section.fail("rate",
                 fmt::format("expected 0 to {} messages a second, got {}", highest_rate, *rate));
  } else {
    relay.rate = static_cast<int>(*rate);
  }
}

// One channel, or a list of them.
void read_channel(const Section& section, RelayTag& tag) {
  const Value* value = section.find("channel");
  if (value == nullptr) return;
  if (value->as<Array>() == nullptr) {
    if (const auto channel = section.text("channel")) tag.channels = {*channel};
  } else if (const auto channels = section.texts("channel")) {
    tag.channels = *channels;
  }
  if (tag.channels.empty()) section.fail("channel", "expected at least one, got none");
  for (const std::string& channel : tag.channels) {
    if (channel.empty()) section.fail("channel", "expected a name like \"#ops\", got nothing");
  }
}

void read_tag(const std::string& name, const Section& section, RelaySettings& relay) {
  static const std::string known[] = {"channel", "username", "icon_emoji", "parse"};
  RelayTag tag{.name = name};
  if (name.empty()) section.fail("expected a name after the last dot, got nothing");
  read_channel(section, tag);
  if (const auto username = section.text("username")) tag.username = *username;
  if (const auto icon = section.text("icon_emoji")) tag.icon_emoji = *icon;
  if (const auto parse = section.word("parse", {"full", "none", ""})) tag.parse = *parse;
  section.check_keys(known, UnknownKeys::refused);
  relay.tags.push_back(std::move(tag));
}

}  // namespace

void read_relay(const Section& section, Draft& draft) {
  static const std::string known[] = {"listen", "rate", "tags", "enabled"};
  RelaySettings relay{.where = section.where()};
  read_listen(section, relay);
  read_rate(section, relay);
  if (const auto tags = section.table("tags")) {
    for (const Member& member : tags->table()) {
      if (const auto tag = tags->table(member.key)) read_tag(member.key, *tag, relay);
    }
  }
  section.check_keys(known, UnknownKeys::refused);
  draft.settings.relay.reset();
  if (section.flag("enabled").value_or(true)) draft.settings.relay = std::move(relay);
}

}  // namespace shoal::config
