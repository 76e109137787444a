// Small readers of /proc, /sys and /etc, for what a host is made of. Pure but for read_file().
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace shoal::plugin::host {

// What is known of one thing, by name; all of it text.
using Facts = std::map<std::string, std::string>;

// Empty if the file cannot be read.
std::string read_file(const std::filesystem::path& path);

// Without blanks at both ends.
std::string_view trimmed(std::string_view text);

// The two sides of the first `separator`, trimmed; the second is empty if there is none.
std::pair<std::string_view, std::string_view> split(std::string_view line, char separator);

// Adds nothing if `value` is empty.
void put_if_any(Facts& facts, std::string_view name, std::string_view value);

template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// What the kernel or a distribution calls a thing, and what Mackerel does.
struct Renaming {
  std::string_view from;
  std::string_view to;
};

// Empty if `name` is not in the table.
template <std::size_t size>
std::string_view renamed(const std::array<Renaming, size>& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Renaming& entry) { return entry.from == name; });
  return found == table.end() ? std::string_view{} : found->to;
}

}  // namespace shoal::plugin::host
