#include "plugin/elf_image.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include <shoal/manifest.h>

#include "base/error.h"
#include "plugin/elf_layout.h"

namespace shoal::plugin {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);
using Dynamic = ElfW(Dyn);
using Symbol = ElfW(Sym);
using Note = ElfW(Nhdr);
using Word = ElfW(Addr);  // as wide as a pointer

constexpr std::string_view entry_name = "shoal_module_v1";

#if defined(__x86_64__)
constexpr unsigned own_machine = EM_X86_64;
#elif defined(__i386__)
constexpr unsigned own_machine = EM_386;
#elif defined(__aarch64__)
constexpr unsigned own_machine = EM_AARCH64;
#elif defined(__arm__)
constexpr unsigned own_machine = EM_ARM;
#elif defined(__riscv)
constexpr unsigned own_machine = EM_RISCV;
#else
#error "name this CPU's EM_ constant here"
#endif
constexpr unsigned char own_class = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
constexpr unsigned char own_order =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86_64";
    case EM_386:
      return "i386";
    case EM_AARCH64:
      return "aarch64";
    case EM_ARM:
      return "arm";
    case EM_RISCV:
      return "riscv";
    case EM_PPC64:
      return "ppc64";
    case EM_S390:
      return "s390";
    case EM_MIPS:
      return "mips";
    case EM_LOONGARCH:
      return "loongarch";
    default:
      return fmt::format("CPU type {}", machine);
  }
}

// What people drop into a plugin directory by mistake.
std::string_view foreign_format(std::string_view image) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> magics{
      {{"#!", "a script; run it as a command instead"},
       {"!<arch>\n", "an archive; link it with -shared"},
       {"MZ", "a Windows (PE) file"},
       {"\xcf\xfa\xed\xfe", "a macOS (Mach-O) file"},
       {"\xce\xfa\xed\xfe", "a macOS (Mach-O) file"},
       {"\xca\xfe\xba\xbe", "a macOS (Mach-O) file"},
       {"\x1f\x8b", "a gzip file; unpack it first"},
       {"PK\x03\x04", "a zip file; unpack it first"}}};
  for (const auto& [magic, words] : magics) {
    if (image.starts_with(magic)) return words;
  }
  return "not a shared object (no ELF header)";
}

class Image {
 public:
  Image(const std::string& file, std::string_view bytes) : file_(file), bytes_(bytes) {}

  std::string_view manifest() {
    check_identity();
    check_kind();
    read_segments();
    check_extents();
    const auto manifest = find_manifest();
    check_not_a_program();
    check_layout(find_entry());
    return manifest;
  }

 private:
  [[noreturn]] void fail(std::string_view sentence) const {
    throw PluginError(fmt::format("{}: {}", file_, sentence));
  }
  [[noreturn]] void fail_truncated(std::uint64_t needed) const {
    fail(fmt::format("is truncated: needs {} bytes, has {}; copy it again", needed, bytes_.size()));
  }

  // A copy of the T at `offset`, if it lies within the file.
  template <class T>
  std::optional<T> read(std::uint64_t offset) const {
    if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return value;
  }

  // Fails unless the file reaches to the end of what stands at `offset`.
  void require(std::uint64_t offset, std::uint64_t size) const {
    if (offset > UINT64_MAX - size) fail("is damaged: an offset is beyond all bounds");
    if (offset + size > bytes_.size()) fail_truncated(offset + size);
  }

  void check_identity() {
    if (bytes_.empty()) fail("is empty");
    if (!bytes_.starts_with(
            std::string_view(ELFMAG, std::min<std::size_t>(SELFMAG, bytes_.size())))) {
      fail(fmt::format("is {}", foreign_format(bytes_)));
    }
    require(0, EI_NIDENT + sizeof(std::uint16_t) * 2);
    const auto order = static_cast<unsigned char>(bytes_[EI_DATA]);
    const auto width = static_cast<unsigned char>(bytes_[EI_CLASS]);
    const auto machine = machine_written_in(order);
    if (machine != own_machine || order != own_order) {
      fail(fmt::format("is built for {}, this agent is {}", machine_name(machine),
                       machine_name(own_machine)));
    }
    if (width != own_class) {
      fail(fmt::format("is built for {} bits, this agent has {}", width == ELFCLASS64 ? 64 : 32,
                       sizeof(void*) * 8));
    }
    require(0, sizeof(Header));
    header_ = *read<Header>(0);
  }

  // e_machine stands at the same place in each class, in the file's own byte order.
  unsigned machine_written_in(unsigned char order) const {
    const auto first = static_cast<unsigned char>(bytes_[EI_NIDENT + 2]);
    const auto second = static_cast<unsigned char>(bytes_[EI_NIDENT + 3]);
    return order == ELFDATA2MSB ? first << 8U | second : second << 8U | first;
  }

  void check_kind() const {
    switch (header_.e_type) {
      case ET_DYN:
        return;
      case ET_EXEC:
        fail("is a program, not a plugin; run it as a command instead");
      case ET_REL:
        fail("is an object file; link it with -shared");
      case ET_CORE:
        fail("is a core dump");
      default:
        fail("is neither a program nor a shared object");
    }
  }

  void read_segments() {
    constexpr unsigned most_segments = 1024;
    if (header_.e_phentsize != sizeof(Segment) || header_.e_phnum == 0 ||
        header_.e_phnum > most_segments) {
      fail("is damaged: its program headers cannot be read");
    }
    require(header_.e_phoff, std::uint64_t{header_.e_phnum} * sizeof(Segment));
    for (unsigned i = 0; i < header_.e_phnum; ++i) {
      segments_.push_back(*read<Segment>(header_.e_phoff + i * sizeof(Segment)));
    }
  }

  // Linkers put the section headers last, so their end finds a file cut anywhere.
  void check_extents() {
    for (const auto& segment : segments_) require(segment.p_offset, segment.p_filesz);
    if (header_.e_shoff == 0) return;
    if (header_.e_shentsize != sizeof(Section)) {
      fail("is damaged: its section headers cannot be read");
    }
    require(header_.e_shoff, std::uint64_t{header_.e_shnum} * sizeof(Section));
    for (unsigned i = 0; i < header_.e_shnum; ++i) {
      const auto section = *read<Section>(header_.e_shoff + i * sizeof(Section));
      if (section.sh_type != SHT_NOBITS) require(section.sh_offset, section.sh_size);
      sections_.push_back(section);
    }
  }

  std::string_view find_manifest() const {
    std::optional<std::string_view> found;
    for (const auto& segment : segments_) {
      if (segment.p_type != PT_NOTE) continue;
      each_note(segment, [&](std::string_view text) {
        if (found) fail("has two manifests; keep SHOAL_MANIFEST in one source file");
        found = text;
      });
    }
    if (!found) fail("is no shoal plugin: it has no manifest");
    return found->substr(0, found->find_last_not_of('\0') + 1);
  }

  // Notes are padded to 4 bytes, whatever the segment's alignment says, save in those of GNU's
  // properties, which are padded to 8.
  template <class Visit>
  void each_note(const Segment& segment, Visit&& visit) const {
    const std::uint64_t padding = segment.p_align == 8 ? 8 : 4;
    const auto padded = [&](std::uint64_t size) {
      return (size + padding - 1) / padding * padding;
    };
    const std::uint64_t end = segment.p_offset + segment.p_filesz;
    std::uint64_t at = segment.p_offset;
    while (at < end && end - at >= sizeof(Note)) {
      const auto note = *read<Note>(at);
      const auto name_at = at + sizeof(Note);
      const auto text_at = name_at + padded(note.n_namesz);
      if (text_at > end || note.n_descsz > end - text_at) return;
      if (is_manifest(note, name_at)) visit(bytes_.substr(text_at, note.n_descsz));
      at = text_at + padded(note.n_descsz);
    }
  }

  bool is_manifest(const Note& note, std::uint64_t name_at) const {
    constexpr std::string_view owner(SHOAL_NOTE_OWNER, sizeof(SHOAL_NOTE_OWNER));
    return note.n_type == SHOAL_NOTE_TYPE && note.n_namesz == owner.size() &&
           bytes_.substr(name_at, owner.size()) == owner;
  }

  // Position-independent programs are ET_DYN too; only a flag tells.
  void check_not_a_program() const {
    const auto flags = dynamic_value(DT_FLAGS_1);
    if (flags && (*flags & DF_1_PIE) != 0) {
      fail("is a program, not a plugin; link it with -shared");
    }
  }

  std::optional<Word> dynamic_value(ElfW(Sxword) tag) const {
    for (const auto& segment : segments_) {
      if (segment.p_type != PT_DYNAMIC) continue;
      for (std::uint64_t at = 0; segment.p_filesz - at >= sizeof(Dynamic); at += sizeof(Dynamic)) {
        const auto entry = *read<Dynamic>(segment.p_offset + at);
        if (entry.d_tag == tag) return entry.d_un.d_val;
        if (entry.d_tag == DT_NULL) break;
      }
    }
    return std::nullopt;
  }

  void check_layout(Word entry) const {
    const auto fault = layout_fault(segments_, sections_, entry);
    if (!fault.empty()) fail(fmt::format("is damaged: {}; copy it again", fault));
  }

  // The address of the one function that a plugin exports.
  Word find_entry() const {
    const auto symbols = offset_of(dynamic_value(DT_SYMTAB));
    const auto names = offset_of(dynamic_value(DT_STRTAB));
    const auto entry = symbols && names ? find_export(*symbols, *names) : std::nullopt;
    if (!entry)
      fail(fmt::format("is damaged or wrongly linked: it exports no function {}", entry_name));
    return *entry;
  }

  // Where in the file an address of the loaded object stands.
  std::optional<std::uint64_t> offset_of(std::optional<Word> address) const {
    if (!address) return std::nullopt;
    for (const auto& segment : segments_) {
      if (segment.p_type != PT_LOAD || *address < segment.p_vaddr) continue;
      const auto distance = *address - segment.p_vaddr;
      if (distance < segment.p_filesz) return segment.p_offset + distance;
    }
    return std::nullopt;
  }

  std::optional<Word> find_export(std::uint64_t symbols, std::uint64_t names) const {
    if (const auto table = offset_of(dynamic_value(DT_GNU_HASH)); table) {
      return find_in_gnu_hash(*table, symbols, names);
    }
    if (const auto table = offset_of(dynamic_value(DT_HASH)); table) {
      return find_in_sysv_hash(*table, symbols, names);
    }
    return std::nullopt;
  }

  std::optional<Word> find_in_gnu_hash(std::uint64_t table, std::uint64_t symbols,
                                       std::uint64_t names) const {
    struct Head {
      std::uint32_t bucket_count, first_symbol, bloom_size, bloom_shift;
    };
    const auto head = read<Head>(table);
    if (!head || head->bucket_count == 0) return std::nullopt;
    const auto buckets = table + sizeof(Head) + std::uint64_t{head->bloom_size} * sizeof(Word);
    const auto chains = buckets + std::uint64_t{head->bucket_count} * sizeof(std::uint32_t);
    const auto hash = gnu_hash(entry_name);
    auto index = read_word(buckets, hash % head->bucket_count).value_or(0);
    if (index < head->first_symbol) return std::nullopt;
    for (;; ++index) {
      const auto link = read_word(chains, index - head->first_symbol);
      if (!link) return std::nullopt;
      if ((*link | 1) == (hash | 1)) {
        if (const auto entry = entry_at(symbols, names, index); entry) return entry;
      }
      if ((*link & 1) != 0 || index == UINT32_MAX) return std::nullopt;
    }
  }

  std::optional<Word> find_in_sysv_hash(std::uint64_t table, std::uint64_t symbols,
                                        std::uint64_t names) const {
    const auto symbol_count = read_word(table, 1).value_or(0);
    for (std::uint32_t index = 0; index < symbol_count; ++index) {
      if (!read<Symbol>(symbols + std::uint64_t{index} * sizeof(Symbol))) return std::nullopt;
      if (const auto entry = entry_at(symbols, names, index); entry) return entry;
    }
    return std::nullopt;
  }

  std::optional<std::uint32_t> read_word(std::uint64_t table, std::uint64_t index) const {
    return read<std::uint32_t>(table + index * sizeof(std::uint32_t));
  }

  static std::uint32_t gnu_hash(std::string_view name) {
    std::uint32_t hash = 5381;
    for (const char c : name) hash = hash * 33 + static_cast<unsigned char>(c);
    return hash;
  }

  // The symbol's address if it is the entry function.
  std::optional<Word> entry_at(std::uint64_t symbols, std::uint64_t names,
                               std::uint32_t index) const {
    const auto symbol = read<Symbol>(symbols + std::uint64_t{index} * sizeof(Symbol));
    if (!symbol || symbol->st_shndx == SHN_UNDEF) return std::nullopt;
    if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC) return std::nullopt;
    const std::uint64_t name_at = names + symbol->st_name;
    if (name_at > bytes_.size()) return std::nullopt;
    const auto name = bytes_.substr(name_at, entry_name.size() + 1);
    const bool is_entry =
        name.size() == entry_name.size() + 1 && name.starts_with(entry_name) && name.back() == '\0';
    return is_entry ? std::optional(symbol->st_value) : std::nullopt;
  }

  const std::string& file_;
  std::string_view bytes_;
  Header header_{};
  std::vector<Segment> segments_;
  std::vector<Section> sections_;
};

}  // namespace

std::string_view manifest_in(const std::string& file, std::string_view image) {
  return Image(file, image).manifest();
}

}  // namespace shoal::plugin
