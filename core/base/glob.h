// Patterns over names, as outputs and silences have them. Pure functions.
#pragma once

#include <string_view>

namespace shoal {

// Whether the whole of `text` fits: `*` stands for any characters, none too, `?` for exactly one.
// Bytes are compared, case counts. Allocates nothing.
bool fits(std::string_view glob, std::string_view text);

}  // namespace shoal
