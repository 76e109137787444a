// Whatever bytes the queue gives back, decode() takes them or refuses them, and what it took is
// encoded and read back unchanged.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "record/encoding.h"

namespace {

std::string encoded(const shoal::record::Record& record) {
  std::string bytes;
  shoal::record::encode(record, bytes);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shoal::record;
  const auto record = decode(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!record) return 0;

  // Compared as bytes: a value that is not a number is not equal to itself.
  const std::string bytes = encoded(*record);
  const auto again = decode(bytes);
  if (!again || encoded(*again) != bytes) std::abort();
  return 0;
}
