// Memory for a library that loses some when it is stopped half-way: what it did not give back ends
// with this object. Never throws: C code stands above it. Not thread-safe.
#pragma once

#include <cstddef>

namespace shoal::ssh {

class Memory {
 public:
  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory();

  // As malloc, realloc and free have it.
  void* allocate(std::size_t size) noexcept;
  void* resize(void* data, std::size_t size) noexcept;
  void release(void* data) noexcept;

 private:
  // Lies before each piece that was given out.
  struct alignas(std::max_align_t) Piece {
    Piece* previous;
    Piece* next;
  };

  Piece ring_{&ring_, &ring_};  // of all pieces
};

}  // namespace shoal::ssh
