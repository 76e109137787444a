// Memory lent to the plugin. Each piece ends where a page ends, and the next page cannot be
// touched; all of it can be made read-only, and taken away when the call has returned. Who touches
// it nevertheless dies, and lent_memory_fault() tells which rule that broke. Not thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include <shoal/types.h>

#include "conformance/rules.h"

namespace shoal::conformance {

class LentMemory {
 public:
  // Touching it after revoke() breaks `rule_when_kept`.
  explicit LentMemory(std::size_t page_count = 64, Rule rule_when_kept = Rule::memory_borrowed);
  ~LentMemory();
  LentMemory(const LentMemory&) = delete;
  LentMemory& operator=(const LentMemory&) = delete;

  // `size` bytes, zeroed, ending at a guard page as far as `alignment` allows. Touching that page
  // breaks `rule_beyond`.
  void* allocate(std::size_t size, std::size_t alignment, Rule rule_beyond);
  shoal_text text(std::string_view text);
  // A copy of a struct, with `filler` bytes of 0xA5 behind it that belong to it.
  template <class T>
  T* put(const T& value, std::size_t filler = 0) {
    static_assert(std::is_trivially_copyable_v<T>);
    auto* const memory =
        static_cast<char*>(allocate(sizeof(T) + filler, alignof(T), Rule::size_exact));
    std::memcpy(memory, &value, sizeof(T));
    std::memset(memory + sizeof(T), 0xA5, filler);
    return reinterpret_cast<T*>(memory);
  }

  // What was allocated up to now may only be read from now on.
  void seal();
  // From now on every touch is fatal, until reset().
  void revoke();
  void reset();

  // The rule that touching `address` broke, if it lies in here. Async-signal-safe.
  std::optional<Rule> rule_at(const void* address) const;

 private:
  struct Piece {
    char* first;
    std::size_t size;  // in whole pages; the guard page follows
    Rule rule_beyond;
  };

  char* memory_;
  std::size_t size_;
  std::size_t used_ = 0;
  Rule rule_when_kept_;
  bool is_revoked_ = false;
  std::vector<Piece> pieces_;
};

// The same over all that is lent. Async-signal-safe.
std::optional<Rule> lent_memory_fault(const void* address);

}  // namespace shoal::conformance
