// The programs that come with shoal and are run by it. Stateless.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace shoal::agent {

// The file of the program `name`: where it was installed with this one, or in the build directory,
// where it lies in core/`folder`.
std::optional<std::string> find_companion(const std::string& name, const std::string& folder);
// Throws Error when it is in neither place.
std::string companion(const std::string& name, const std::string& folder);

// This process becomes that program; the first word is its file. Throws when it cannot.
[[noreturn]] void become(const std::vector<std::string>& words);

}  // namespace shoal::agent
