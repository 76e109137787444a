// Where an event's message goes: a tag names a channel, a user name and an icon. Immutable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "globs.h"

namespace shoal::slack {

// Empty members: as the webhook has them.
struct Address {
  std::string channel;
  std::string username;
  std::string icon_emoji;
};

struct Tag {
  std::string name;
  Address address;
  Globs match;
};

class Tags {
 public:
  // `options_json` are all options of the output; the tags are its member "tags", an object from
  // names to {channel, username, icon_emoji, match}. Throws Failure (SHOAL_CONFIG) for other
  // shapes.
  explicit Tags(std::string_view options_json);

  // 0 stands for no tag. "notify:NAME" takes the tag NAME; other jobs the first, by name, whose
  // match fits.
  std::size_t index_of(std::string_view job) const;
  const Tag& operator[](std::size_t index) const { return tags_[index]; }

 private:
  std::vector<Tag> tags_;  // the first is no tag
};

}  // namespace shoal::slack
