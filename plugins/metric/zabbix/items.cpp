#include "items.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include <shoal/plugin.hpp>

#include "common/sanitize.h"
#include "common/words.h"
#include "common/zabbix/item_key.h"

namespace shoal::zabbix {
namespace {

// The name before the first "=". Within brackets that belongs to the key, whose own name has none.
std::optional<std::string> name_in(const std::string& item) {
  const auto end = item.find_first_of("=[");
  const bool has_name = end != std::string::npos && item[end] == '=';
  return has_name ? std::optional(item.substr(0, end)) : std::nullopt;
}

void require_name(const std::string& name) {
  if (!name.empty() && common::sanitized(name) == name) return;
  throw Failure(
      "option items: expected a name of letters, digits, \"_\" and \"-\" before \"=\", found " +
          common::quoted(name),
      SHOAL_CONFIG);
}

void require_new(const Items& items, const std::string& name, const std::string& key) {
  const auto found = std::find(items.names.begin(), items.names.end(), name);
  if (found == items.names.end()) return;
  const auto index = static_cast<std::size_t>(found - items.names.begin());
  throw Failure("option items: " + common::quoted(items.keys[index]) + " and " +
                    common::quoted(key) + " are both called " + name +
                    "; write NAME=KEY for one of them",
                SHOAL_CONFIG);
}

}  // namespace

Items parse_items(const std::vector<std::string>& written) {
  Items items;
  for (const auto& item : written) {
    const auto given = name_in(item);
    const auto key = given ? item.substr(given->size() + 1) : item;
    require_item_key("items", key);
    if (given) require_name(*given);
    const auto name = given.value_or(component_of(key));
    require_new(items, name, key);
    items.names.push_back(name);
    items.keys.push_back(key);
  }
  if (items.keys.empty()) throw Failure("option items: expected keys, found none", SHOAL_CONFIG);
  return items;
}

}  // namespace shoal::zabbix
