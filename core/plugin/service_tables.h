// The services of shoal/services.h as C tables over our own objects. Thread-safe.
#pragma once

#include <string_view>

#include "plugin/services.h"

namespace shoal::plugin {

// The table with this id, or null if `services` cannot fill it. Lives for ever.
const void* service_table(const Services& services, std::string_view id) noexcept;

}  // namespace shoal::plugin
