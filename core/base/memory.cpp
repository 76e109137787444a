#include "base/memory.h"

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <malloc.h>
#include <string>

#include <sys/mman.h>

namespace shoal {
namespace {

struct Mapping {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  std::uint64_t offset = 0;
  char mode[5] = "";
  bool is_file = false;
};

bool parse(const std::string& line, Mapping& mapping) {
  const int fields = std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s %" SCNx64,
                                 &mapping.begin, &mapping.end, mapping.mode, &mapping.offset);
  mapping.is_file = line.find(" /") != std::string::npos;
  return fields == 4;
}

// Pages the kernel can read again from their file. A read-only mapping further into a file may be
// one that the dynamic linker has written to before it was protected.
bool is_recoverable(const Mapping& mapping) {
  if (!mapping.is_file) return false;
  const bool is_code = std::strcmp(mapping.mode, "r-xp") == 0;
  const bool is_head = std::strcmp(mapping.mode, "r--p") == 0 && mapping.offset == 0;
  return is_code || is_head;
}

}  // namespace

void share_one_heap() {
  mallopt(M_ARENA_MAX, 1);
}

void give_back_memory() {
  malloc_trim(0);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    Mapping mapping;
    if (!parse(line, mapping) || !is_recoverable(mapping)) continue;
    ::madvise(reinterpret_cast<void*>(mapping.begin), mapping.end - mapping.begin, MADV_DONTNEED);
  }
}

}  // namespace shoal
