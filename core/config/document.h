// The text of one configuration file, parsed. The only place that knows the TOML library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/problems.h"
#include "config/value.h"

namespace shoal::config {

// The tree of a TOML text, or nothing and an error with the line. `file` is what locations say.
std::optional<Table> parse_document(std::string_view text, const std::string& file,
                                    Problems& problems);

// The line with a key of more parts ("a.b.c...") than anyone means, or 0. The parser and its tree
// recurse by it and would exhaust the stack.
unsigned line_with_overlong_key(std::string_view text);

}  // namespace shoal::config
