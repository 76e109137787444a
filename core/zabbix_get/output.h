// The line in which a value is printed. Pure function.
#pragma once

#include <cstdint>
#include <string>

#include "zabbix_get/command_line.h"

namespace shoal::zabbix_get {

// value: the value as it is. sensu: NAME, value and Unix time between tabs, on one line whatever
// the value holds. json: an object with "key", "value" and "time". Ends with a line end.
std::string line_of(Format format, const std::string& name, const std::string& value,
                    std::int64_t unix_seconds);

}  // namespace shoal::zabbix_get
