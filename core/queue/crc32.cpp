#include "queue/crc32.h"

#include <array>

namespace shoal::queue {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320u : 0u);
    table[byte] = value;
  }
  return table;
}

constexpr auto table = make_table();

}  // namespace

std::uint32_t crc32(std::string_view bytes, std::uint32_t so_far) {
  std::uint32_t value = ~so_far;
  for (const char byte : bytes) {
    value = (value >> 8) ^ table[(value ^ static_cast<std::uint8_t>(byte)) & 0xFF];
  }
  return ~value;
}

}  // namespace shoal::queue
