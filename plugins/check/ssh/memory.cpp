#include "memory.h"

#include <cstdint>
#include <cstdlib>
#include <utility>

namespace shoal::ssh {

Memory::~Memory() {
  for (Piece* piece = ring_.next; piece != &ring_;) std::free(std::exchange(piece, piece->next));
}

void* Memory::allocate(std::size_t size) noexcept {
  return resize(nullptr, size);
}

void* Memory::resize(void* data, std::size_t size) noexcept {
  if (size > SIZE_MAX - sizeof(Piece)) return nullptr;
  auto* const old = data == nullptr ? nullptr : static_cast<Piece*>(data) - 1;
  auto* const made = static_cast<Piece*>(std::realloc(old, sizeof(Piece) + size));
  if (made == nullptr) return nullptr;
  if (old == nullptr) *made = {&ring_, ring_.next};
  made->previous->next = made;
  made->next->previous = made;
  return made + 1;
}

void Memory::release(void* data) noexcept {
  if (data == nullptr) return;
  auto* const piece = static_cast<Piece*>(data) - 1;
  piece->previous->next = piece->next;
  piece->next->previous = piece->previous;
  std::free(piece);
}

}  // namespace shoal::ssh
