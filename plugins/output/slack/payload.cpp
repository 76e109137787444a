#include "payload.h"

#include <nlohmann/json.hpp>

namespace shoal::slack {
namespace {

using nlohmann::json;

void set_if_any(json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

json json_of(const Attachment& attachment) {
  // Texts of checks are not markup: "mrkdwn_in" would name the members that are.
  json object{{"color", attachment.colour},
              {"fallback", attachment.fallback},
              {"mrkdwn_in", json::array()}};
  set_if_any(object, "title", attachment.title);
  set_if_any(object, "title_link", attachment.title_link);
  set_if_any(object, "text", attachment.text);
  set_if_any(object, "footer", attachment.footer);
  if (attachment.time != 0) object["ts"] = attachment.time;
  for (const auto& field : attachment.fields) {
    object["fields"].push_back(
        {{"title", field.title}, {"value", field.value}, {"short", field.is_short}});
  }
  return object;
}

}  // namespace

std::string payload_of(const Message& message, const Address& address, const std::string& remark) {
  json object{{"text", remark + message.text}, {"unfurl_links", false}, {"unfurl_media", false}};
  set_if_any(object, "channel", address.channel);
  set_if_any(object, "username", address.username);
  set_if_any(object, "icon_emoji", address.icon_emoji);
  for (const auto& attachment : message.attachments) {
    object["attachments"].push_back(json_of(attachment));
  }
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace shoal::slack
