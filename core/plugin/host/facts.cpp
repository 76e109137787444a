#include "plugin/host/facts.h"

#include <fstream>
#include <iterator>

namespace shoal::plugin::host {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::pair<std::string_view, std::string_view> split(std::string_view line, char separator) {
  const auto at = std::min(line.find(separator), line.size());
  return {trimmed(line.substr(0, at)), trimmed(line.substr(std::min(at + 1, line.size())))};
}

void put_if_any(Facts& facts, std::string_view name, std::string_view value) {
  if (!value.empty()) facts[std::string(name)] = value;
}

}  // namespace shoal::plugin::host
