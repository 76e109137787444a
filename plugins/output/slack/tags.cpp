#include "tags.h"

#include <nlohmann/json.hpp>

#include <shoal/plugin.hpp>

namespace shoal::slack {
namespace {

using nlohmann::json;

constexpr std::string_view notify = "notify:";

[[noreturn]] void refuse(const std::string& what, const char* expected) {
  throw Failure("option tags" + what + ": expected " + expected, SHOAL_CONFIG);
}

std::string text_of(const json& tag, const std::string& name, const char* key) {
  const auto found = tag.find(key);
  if (found == tag.end()) return {};
  if (!found->is_string()) refuse("." + name + "." + key, "a string");
  return found->get<std::string>();
}

Globs match_of(const json& tag, const std::string& name) {
  const auto found = tag.find("match");
  if (found == tag.end()) return Globs();
  std::vector<std::string> patterns;
  for (const auto& pattern : *found) {
    if (!pattern.is_string()) refuse("." + name + ".match", "an array of strings");
    patterns.push_back(pattern.get<std::string>());
  }
  return Globs(std::move(patterns));
}

Tag tag_of(const std::string& name, const json& value) {
  if (!value.is_object()) refuse("." + name, "an object");
  return {name,
          {text_of(value, name, "channel"), text_of(value, name, "username"),
           text_of(value, name, "icon_emoji")},
          match_of(value, name)};
}

}  // namespace

Tags::Tags(std::string_view options_json) : tags_(1) {
  const auto options = json::parse(options_json, nullptr, false);
  if (!options.is_object() || !options.contains("tags")) return;
  const auto& tags = options["tags"];
  if (!tags.is_object()) refuse("", "an object");
  for (const auto& [name, value] : tags.items()) tags_.push_back(tag_of(name, value));
}

std::size_t Tags::index_of(std::string_view job) const {
  const bool is_notify = job.starts_with(notify);
  for (std::size_t i = 1; i < tags_.size(); ++i) {
    const bool is_taken =
        is_notify ? tags_[i].name == job.substr(notify.size()) : tags_[i].match.fit(job);
    if (is_taken) return i;
  }
  return 0;
}

}  // namespace shoal::slack
