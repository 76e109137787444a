#include "plugin/elf_layout.h"

#include <algorithm>
#include <elf.h>
#include <optional>

namespace shoal::plugin {
namespace {

using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);
using Address = ElfW(Addr);

// Segments are mapped by pages, the smallest of which is this large everywhere.
constexpr Address smallest_page = 4096;

bool is_within(Address address, Address size, Address from, Address length) {
  return address >= from && address - from <= length && size <= length - (address - from);
}

// The loaded segment that holds this range of addresses.
const Segment* holder(std::span<const Segment> segments, Address address, Address size) {
  const auto found = std::find_if(segments.begin(), segments.end(), [&](const Segment& segment) {
    return segment.p_type == PT_LOAD && is_within(address, size, segment.p_vaddr, segment.p_memsz);
  });
  return found == segments.end() ? nullptr : &*found;
}

bool are_loads_sound(std::span<const Segment> segments) {
  Address free_from = 0;
  for (const auto& segment : segments) {
    if (segment.p_type != PT_LOAD) continue;
    const bool is_sound = segment.p_vaddr >= free_from && segment.p_filesz <= segment.p_memsz &&
                          segment.p_memsz <= UINTPTR_MAX - segment.p_vaddr &&
                          segment.p_vaddr % smallest_page == segment.p_offset % smallest_page;
    if (!is_sound) return false;
    free_from = segment.p_vaddr + segment.p_memsz;
  }
  return free_from != 0;
}

// A section that takes memory stands in a segment with the same distance between file and memory,
// and may be used there as its flags say.
bool is_section_sound(const Section& section, std::span<const Segment> segments) {
  const bool is_loaded = (section.sh_flags & SHF_ALLOC) != 0 && section.sh_size != 0;
  // Thread-local zeros take memory in each thread, none here.
  if (!is_loaded || (section.sh_flags & SHF_TLS) != 0) return true;
  const auto* segment = holder(segments, section.sh_addr, section.sh_size);
  if (segment == nullptr) return false;
  if ((section.sh_flags & SHF_EXECINSTR) != 0 && (segment->p_flags & PF_X) == 0) return false;
  if ((section.sh_flags & SHF_WRITE) != 0 && (segment->p_flags & PF_W) == 0) return false;
  return section.sh_type == SHT_NOBITS ||
         (section.sh_addr - segment->p_vaddr == section.sh_offset - segment->p_offset &&
          is_within(section.sh_addr, section.sh_size, segment->p_vaddr, segment->p_filesz));
}

// What runs in the process reads these where p_vaddr says, not where the file has them: the dynamic
// linker its table, an unwinder its frames, sanitizers and crash handlers the notes.
bool is_read_in_memory(const Segment& segment) {
  return segment.p_type == PT_DYNAMIC || segment.p_type == PT_NOTE ||
         segment.p_type == PT_GNU_EH_FRAME;
}

bool are_tables_sound(std::span<const Segment> segments) {
  return std::all_of(segments.begin(), segments.end(), [&](const Segment& segment) {
    if (!is_read_in_memory(segment) || segment.p_memsz == 0) return true;
    const auto* load = holder(segments, segment.p_vaddr, segment.p_memsz);
    return load != nullptr && segment.p_vaddr - load->p_vaddr == segment.p_offset - load->p_offset;
  });
}

// What becomes read-only after relocation was writable before, and is part of one segment.
bool is_relro_sound(std::span<const Segment> segments) {
  return std::all_of(segments.begin(), segments.end(), [&](const Segment& segment) {
    if (segment.p_type != PT_GNU_RELRO || segment.p_memsz == 0) return true;
    const auto* load = holder(segments, segment.p_vaddr, 1);
    if (load == nullptr || (load->p_flags & PF_W) == 0) return false;
    // Linkers round its end up to a page, beyond the segment's own.
    const auto pages = (load->p_memsz + smallest_page - 1) / smallest_page * smallest_page;
    return is_within(segment.p_vaddr, segment.p_memsz, load->p_vaddr, pages + smallest_page);
  });
}

}  // namespace

std::string_view layout_fault(std::span<const Segment> segments, std::span<const Section> sections,
                              Address code) {
  if (!are_loads_sound(segments)) return "its segments overlap or do not fit their place";
  const auto* holder_of_code = holder(segments, code, 1);
  if (holder_of_code == nullptr || (holder_of_code->p_flags & PF_X) == 0) {
    return "its code is not where it could be run";
  }
  if (!std::all_of(sections.begin(), sections.end(),
                   [&](const Section& section) { return is_section_sound(section, segments); })) {
    return "its sections and segments contradict each other";
  }
  if (!are_tables_sound(segments)) return "its tables are not where its segments are";
  if (!is_relro_sound(segments)) return "its read-only part is not where its data is";
  return {};
}

}  // namespace shoal::plugin
