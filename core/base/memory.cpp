#include "base/memory.h"

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <malloc.h>
#include <string>

#include <sys/mman.h>

namespace shoal {
namespace {

// One mapping of /proc/self/smaps.
struct Mapping {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  bool is_read_only_file = false;
  bool is_written = false;  // such as what the dynamic linker relocates and then protects
};

// "7f..-7f.. r-xp 00028000 08:01 173521  /usr/lib/libc.so.6" begins a mapping.
bool begins_mapping(const std::string& line, Mapping& mapping) {
  Mapping begun;
  char mode[5] = "";
  const int fields =
      std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s", &begun.begin, &begun.end, mode);
  if (fields != 3) return false;
  begun.is_read_only_file = mode[1] == '-' && line.find(" /") != std::string::npos;
  mapping = begun;
  return true;
}

// "Anonymous:            24 kB": pages that no file can bring back.
bool tells_of_written_pages(const std::string& line) {
  unsigned long kilobytes = 0;
  return std::sscanf(line.c_str(), "Anonymous: %lu kB", &kilobytes) == 1 && kilobytes > 0;
}

void let_go(const Mapping& mapping) {
  if (!mapping.is_read_only_file || mapping.is_written) return;
  ::madvise(reinterpret_cast<void*>(mapping.begin), mapping.end - mapping.begin, MADV_DONTNEED);
}

}  // namespace

void share_one_heap() {
  mallopt(M_ARENA_MAX, 1);
}

void give_back_heap() {
  malloc_trim(0);
}

void give_back_memory() {
  give_back_heap();
  std::ifstream file("/proc/self/smaps");
  Mapping mapping;
  for (std::string line; std::getline(file, line);) {
    const Mapping before = mapping;
    if (begins_mapping(line, mapping)) let_go(before);
    if (tells_of_written_pages(line)) mapping.is_written = true;
  }
  let_go(mapping);
}

}  // namespace shoal
