// /proc/meminfo as bytes. Pure functions.
#pragma once

#include <cstdint>
#include <optional>

#include "common/proc_file.h"

namespace shoal::common {

// In bytes; what the kernel does not say is absent.
struct Meminfo {
  std::uint64_t total = 0;
  std::optional<std::uint64_t> available;  // since Linux 3.14
  std::optional<std::uint64_t> free;
  std::optional<std::uint64_t> buffers;
  std::optional<std::uint64_t> cached;
  std::optional<std::uint64_t> swap_total;
  std::optional<std::uint64_t> swap_free;
  std::optional<std::uint64_t> swap_cached;
};

// Throws std::runtime_error that names the file and the line when a line of ours has no number, or
// when those are missing from which the memory in use can be told.
Meminfo parse_meminfo(const FileText& file);

// What programs use and could not be had by dropping caches; never negative.
std::uint64_t used_bytes(const Meminfo& meminfo);

}  // namespace shoal::common
