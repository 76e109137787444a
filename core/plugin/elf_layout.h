// Whether the tables of a shared object agree with each other about what is loaded where. The
// dynamic linker believes them blindly: one flipped bit there and the code is not where the first
// call goes. Pure functions.
#pragma once

#include <link.h>
#include <span>
#include <string_view>

namespace shoal::plugin {

// What does not fit together, or empty. `sections` may be empty (they can be stripped); `code` is
// the address of a function that must be loaded and executable.
std::string_view layout_fault(std::span<const ElfW(Phdr)> segments,
                              std::span<const ElfW(Shdr)> sections, ElfW(Addr) code);

}  // namespace shoal::plugin
