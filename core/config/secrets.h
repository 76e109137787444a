// Secrets that stand in files. Reads files; what it reads is never shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/section.h"

namespace shoal::config {

// What `file` holds, without the newline at its end; an error of `key` when there is nothing to
// read. A file that every user can read is advised about.
std::optional<std::string> read_secret(const std::string& file, const Section& section,
                                       std::string_view key);

// Advises to chmod `file`, which holds `secret`, when every user can read it.
void advise_if_readable_by_all(const std::string& file, std::string_view secret,
                               Problems& problems);

}  // namespace shoal::config
