// Which items of an agent become which series. Knows neither the SDK's context nor sockets.
#pragma once

#include <string>
#include <vector>

namespace shoal::zabbix {

struct Items {
  std::vector<std::string> names;  // of the series, without "zabbix."
  std::vector<std::string> keys;
};

// Each "KEY", named after its key, or "NAME=KEY". Throws Failure (SHOAL_CONFIG) when there is none,
// when a key or name is none, and when two are called the same.
Items parse_items(const std::vector<std::string>& written);

}  // namespace shoal::zabbix
