// What was sent last under a name, kept in a file where mackerel-agent keeps its own: who changes
// from one to the other sends nothing twice, and whoever deletes the file has it sent again. Pure
// but for the file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace shoal::mackerel {

// `workdir` is of the section's own environment, or empty; `output` is empty for the first one,
// which shares the file with mackerel-agent.
std::string sent_file(std::string_view name, const std::string& workdir, std::string_view output);

// Nothing if there is no such file.
std::optional<std::string> read_sent(const std::string& file);

// Replaces the file. What went wrong, or nothing.
std::optional<std::string> write_sent(const std::string& file, std::string_view text);

}  // namespace shoal::mackerel
