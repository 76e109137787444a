// Random numbers and bytes from the kernel that nobody can guess: marks by which an answer is told
// from a forged one. Pure functions.
#pragma once

#include <cstddef>
#include <string>

namespace shoal::common {

// Throws shoal::Failure when the kernel gives none (the host has only just started): a mark that
// can be guessed is worse than no question.
void fill_random(void* bytes, std::size_t size);

inline std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  fill_random(bytes.data(), size);
  return bytes;
}

template <class Number>
Number random_number() {
  Number number = 0;
  fill_random(&number, sizeof(number));
  return number;
}

}  // namespace shoal::common
