#include "conformance/lent_memory.h"

#include <array>
#include <unistd.h>

#include <sys/mman.h>

#include "base/error.h"

namespace shoal::conformance {
namespace {

// Fixed, so that a signal handler may walk it. More than are ever lent at a time.
std::array<std::atomic<const LentMemory*>, 256> all_lent;  // NOLINT

void list(const LentMemory* memory) {
  for (auto& slot : all_lent) {
    const LentMemory* none = nullptr;
    if (slot.compare_exchange_strong(none, memory)) return;
  }
}

void unlist(const LentMemory* memory) {
  for (auto& slot : all_lent) {
    const LentMemory* own = memory;
    if (slot.compare_exchange_strong(own, nullptr)) return;
  }
}

std::size_t page_size() {
  static const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

std::size_t rounded_up(std::size_t size, std::size_t unit) {
  return (size + unit - 1) / unit * unit;
}

}  // namespace

LentMemory::LentMemory(std::size_t page_count, Rule rule_when_kept)
    : size_(page_count * page_size()), rule_when_kept_(rule_when_kept) {
  void* const memory =
      mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw_errno("map memory");
  memory_ = static_cast<char*>(memory);
  list(this);
}

LentMemory::~LentMemory() {
  unlist(this);
  munmap(memory_, size_);
}

void* LentMemory::allocate(std::size_t size, std::size_t alignment, Rule rule_beyond) {
  const auto pages = rounded_up(size == 0 ? 1 : size, page_size());
  if (used_ + pages + page_size() > size_) throw Error("the tester lends too much memory");
  char* const first = memory_ + used_;
  if (mprotect(first, pages, PROT_READ | PROT_WRITE) != 0) throw_errno("protect memory");
  used_ += pages + page_size();
  pieces_.push_back({first, pages, rule_beyond});
  std::memset(first, 0, pages);
  return first + pages - rounded_up(size, alignment);
}

shoal_text LentMemory::text(std::string_view text) {
  if (text.empty()) return {"", 0};
  auto* const memory = static_cast<char*>(allocate(text.size(), 1, Rule::memory_text_end));
  std::memcpy(memory, text.data(), text.size());
  return {memory, text.size()};
}

void LentMemory::seal() {
  for (const Piece& piece : pieces_) mprotect(piece.first, piece.size, PROT_READ);
}

void LentMemory::revoke() {
  is_revoked_ = true;
  if (used_ > 0) mprotect(memory_, used_, PROT_NONE);
}

void LentMemory::reset() {
  revoke();
  is_revoked_ = false;
  used_ = 0;
  pieces_.clear();
}

std::optional<Rule> LentMemory::rule_at(const void* address) const {
  const auto* const byte = static_cast<const char*>(address);
  if (byte < memory_ || byte >= memory_ + size_) return std::nullopt;
  if (is_revoked_) return rule_when_kept_;
  for (const Piece& piece : pieces_) {
    const char* const end = piece.first + piece.size;
    if (byte >= piece.first && byte < end) return Rule::memory_read_only;
    if (byte >= end && byte < end + page_size()) return piece.rule_beyond;
  }
  return rule_when_kept_;
}

std::optional<Rule> lent_memory_fault(const void* address) {
  for (const auto& slot : all_lent) {
    const LentMemory* const memory = slot.load();
    if (memory == nullptr) continue;
    if (const auto rule = memory->rule_at(address)) return rule;
  }
  return std::nullopt;
}

}  // namespace shoal::conformance
