// The checksum of stored rows: CRC-32 as in IEEE 802.3 and zip.
#pragma once

#include <cstdint>
#include <string_view>

namespace shoal::queue {

// The checksum of `bytes`, or of what came before and `bytes`, given the checksum so far.
std::uint32_t crc32(std::string_view bytes, std::uint32_t so_far = 0);

}  // namespace shoal::queue
