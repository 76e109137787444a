// Records as an output is offered them: built from the header, in lent memory, with strides as
// large as the test wants. Plain data.
#pragma once

#include <cstdint>
#include <vector>

#include <shoal/plugin.h>

#include "conformance/lent_memory.h"
#include "plugin/manifest.h"

namespace shoal::conformance {

// No kind of this ABI.
inline constexpr std::uint32_t unknown_kind = 4711;

struct OfferedBatch {
  std::vector<std::uint32_t> kinds;  // SHOAL_RECORD_ and unknown_kind, in order
  std::size_t filler = 0;            // bytes behind each growable struct, within size and stride
  bool is_cut = false;  // as an older host has it: the last member of each record is not there
  bool has_empty_texts = false;
  bool has_strange_texts = false;  // long, any UTF-8

  // One of each kind that is accepted; all kinds if none is named.
  static OfferedBatch one_of_each(const plugin::Manifest& manifest);
};

struct BuiltBatch {
  const shoal_batch* batch = nullptr;
  shoal_delivery* delivery = nullptr;  // writable; its verdicts end at a page
};
BuiltBatch build(const OfferedBatch& offered, std::int64_t time_ns, LentMemory& memory);
// Apart, because the rest is sealed first.
void add_delivery(BuiltBatch& built, const OfferedBatch& offered, LentMemory& memory);

}  // namespace shoal::conformance
