// Whatever a manifest says, it is read or refused with a PluginError, and no options crash the
// check against its schema.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "plugin/options.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shoal;
  // Manifest and options, parted by a zero byte.
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto end = text.find('\0');
  const auto options = end == std::string_view::npos ? "{}" : text.substr(end + 1);
  try {
    const auto manifest = plugin::parse_manifest("fuzz.so", text.substr(0, end));
    plugin::check_abi("fuzz.so", manifest);
    plugin::check_options(manifest, options);
  } catch (const Error&) {
    // Refused in words.
  }
  return 0;
}
