// A loaded shared object as the dynamic linker sees it: what it exports, how it was linked, and
// where its writable data lies. Reads only memory that the linker mapped.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace shoal::conformance {

struct SharedObject {
  std::vector<std::string> exports;       // strong ones
  std::vector<std::string> weak_exports;  // templates and inline functions
  bool has_unique_symbols = false;
  bool has_executable_stack = false;
  bool has_text_relocations = false;
  std::vector<std::span<const char>> writable;  // .data and .bss, without what is made read-only
};

// That which holds `address`; empty if none does.
SharedObject shared_object_at(const void* address);

}  // namespace shoal::conformance
