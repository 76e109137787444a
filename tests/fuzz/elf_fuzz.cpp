// Whatever the bytes of a shared object say, the walk stays inside them and ends.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string_view>

#include "base/error.h"
#include "plugin/elf_image.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view image(reinterpret_cast<const char*>(data), size);
  try {
    const auto manifest = shoal::plugin::manifest_in("fuzz.so", image);
    const std::less_equal<> is_not_after;
    if (!is_not_after(image.data(), manifest.data()) ||
        !is_not_after(manifest.data() + manifest.size(), image.data() + image.size())) {
      std::abort();
    }
  } catch (const shoal::PluginError&) {
    // Refused in words.
  }
  return 0;
}
