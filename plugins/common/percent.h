// Text as a component of a URL's path or query. Pure function.
#pragma once

#include <string>
#include <string_view>

namespace shoal::common {

// Every byte but letters, digits and - _ . ~ becomes %XX.
std::string percent_encoded(std::string_view text);

}  // namespace shoal::common
