#include "conformance/shared_object.h"

#include <cstdint>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <unistd.h>

namespace shoal::conformance {
namespace {

struct Search {
  ElfW(Addr) address;
  bool is_found = false;
  dl_phdr_info info{};
};

int visit(dl_phdr_info* info, std::size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    const auto begin = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type != PT_LOAD || search.address < begin ||
        search.address >= begin + segment.p_memsz) {
      continue;
    }
    search.is_found = true;
    search.info = *info;
    return 1;
  }
  return 0;
}

const ElfW(Dyn) * find_entry(const ElfW(Dyn) * table, ElfW(Sxword) tag) {
  for (; table->d_tag != DT_NULL; ++table) {
    if (table->d_tag == tag) return table;
  }
  return nullptr;
}

// The linker of glibc has made addresses of these, others leave them as offsets.
template <class T>
const T* table_at(const dl_phdr_info& info, const ElfW(Dyn) * dynamic, ElfW(Sxword) tag) {
  const auto* const entry = find_entry(dynamic, tag);
  if (entry == nullptr) return nullptr;
  const auto value = entry->d_un.d_ptr;
  return reinterpret_cast<const T*>(value < info.dlpi_addr ? info.dlpi_addr + value : value);
}

// The symbols a GNU hash table reaches are the defined ones.
std::uint32_t symbol_count(const std::uint32_t* hash, std::uint32_t& first) {
  const auto bucket_count = hash[0];
  first = hash[1];
  const auto* const buckets = hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / sizeof(std::uint32_t));
  const auto* const chains = buckets + bucket_count;
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < bucket_count; ++i) last = std::max(last, buckets[i]);
  if (last < first) return first;
  while ((chains[last - first] & 1U) == 0) ++last;
  return last + 1;
}

void read_symbols(const dl_phdr_info& info, const ElfW(Dyn) * dynamic, SharedObject& object) {
  const auto* const symbols = table_at<ElfW(Sym)>(info, dynamic, DT_SYMTAB);
  const auto* const names = table_at<char>(info, dynamic, DT_STRTAB);
  const auto* const hash = table_at<std::uint32_t>(info, dynamic, DT_GNU_HASH);
  if (symbols == nullptr || names == nullptr || hash == nullptr) return;
  std::uint32_t first = 0;
  const auto count = symbol_count(hash, first);
  for (std::uint32_t i = first; i < count; ++i) {
    if (symbols[i].st_shndx == SHN_UNDEF) continue;
    const char* const name = names + symbols[i].st_name;
    const auto binding = ELF64_ST_BIND(symbols[i].st_info);
    if (binding == STB_GNU_UNIQUE) object.has_unique_symbols = true;
    auto& list = binding == STB_GLOBAL ? object.exports : object.weak_exports;
    list.emplace_back(name);
  }
}

void read_flags(const ElfW(Dyn) * dynamic, SharedObject& object) {
  const auto* const flags = find_entry(dynamic, DT_FLAGS);
  object.has_text_relocations = find_entry(dynamic, DT_TEXTREL) != nullptr ||
                                (flags != nullptr && (flags->d_un.d_val & DF_TEXTREL) != 0);
}

// What is left of a writable segment behind the part that is read-only after relocation.
void add_writable(const dl_phdr_info& info, const ElfW(Phdr) & segment, SharedObject& object) {
  const auto page = static_cast<ElfW(Addr)>(sysconf(_SC_PAGESIZE));
  auto begin = info.dlpi_addr + segment.p_vaddr;
  const auto end = begin + segment.p_memsz;
  for (unsigned i = 0; i < info.dlpi_phnum; ++i) {
    const auto& other = info.dlpi_phdr[i];
    if (other.p_type != PT_GNU_RELRO) continue;
    const auto relro_end = (info.dlpi_addr + other.p_vaddr + other.p_memsz) / page * page;
    if (relro_end > begin && relro_end <= end) begin = relro_end;
  }
  object.writable.emplace_back(reinterpret_cast<const char*>(begin), end - begin);
}

}  // namespace

SharedObject shared_object_at(const void* address) {
  Search search{reinterpret_cast<ElfW(Addr)>(address)};
  dl_iterate_phdr(&visit, &search);
  SharedObject object;
  if (!search.is_found) return object;
  for (unsigned i = 0; i < search.info.dlpi_phnum; ++i) {
    const auto& segment = search.info.dlpi_phdr[i];
    if (segment.p_type == PT_GNU_STACK) object.has_executable_stack = (segment.p_flags & PF_X) != 0;
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_W) != 0) {
      add_writable(search.info, segment, object);
    }
    if (segment.p_type != PT_DYNAMIC) continue;
    const auto* const dynamic =
        reinterpret_cast<const ElfW(Dyn)*>(search.info.dlpi_addr + segment.p_vaddr);
    read_flags(dynamic, object);
    read_symbols(search.info, dynamic, object);
  }
  return object;
}

}  // namespace shoal::conformance
