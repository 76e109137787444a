// Numbers in network order within a datagram. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shoal::ntp {

// The number of `size` bytes at `at`; the datagram holds them.
inline std::uint64_t number_at(std::string_view datagram, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (const char c : datagram.substr(at, size))
    number = number << 8U | static_cast<unsigned char>(c);
  return number;
}

inline void append_number(std::string& datagram, std::uint64_t number, std::size_t size) {
  for (std::size_t left = size; left > 0; --left) {
    datagram += static_cast<char>(number >> (8 * (left - 1)) & 0xffU);
  }
}

}  // namespace shoal::ntp
