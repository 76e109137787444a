#include "common/status_option.h"

#include <algorithm>
#include <array>
#include <utility>

#include <shoal/plugin.hpp>

namespace shoal::common {

std::uint32_t status_option(const Options& options, const std::string& name,
                            std::string_view fallback) {
  constexpr std::array<std::pair<std::string_view, std::uint32_t>, 4> known{
      {{"ok", SHOAL_CHECK_OK},
       {"warning", SHOAL_CHECK_WARNING},
       {"critical", SHOAL_CHECK_CRITICAL},
       {"unknown", SHOAL_CHECK_UNKNOWN}}};
  const auto word = options.text("/" + name, fallback);
  const auto* const found =
      std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == word; });
  return found == known.end() ? std::uint32_t{SHOAL_CHECK_UNKNOWN} : found->second;
}

}  // namespace shoal::common
