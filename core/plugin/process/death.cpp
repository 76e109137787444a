#include "plugin/process/death.h"

#include <charconv>
#include <csignal>
#include <cstring>

#include <fmt/core.h>

#include "base/utf8.h"

namespace shoal::plugin {
namespace {

constexpr std::size_t longest_path = 512;

std::uint64_t take_hex(std::string_view& text) {
  std::uint64_t number = 0;
  if (text.starts_with("0x")) text.remove_prefix(2);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return number;
}

// "0x1234 /path/to/file.so"
void take_place(std::string_view text, std::string& path, std::uint64_t& offset) {
  offset = take_hex(text);
  if (text.starts_with(' ')) path = to_utf8(text.substr(1), longest_path);
}

void take_line(Death& death, std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return;
  const auto what = line.substr(0, space);
  auto rest = line.substr(space + 1);
  if (what == "address") death.address = take_hex(rest);
  if (what == "at") take_place(rest, death.module_path, death.module_offset);
  if (what == "called_at") take_place(rest, death.caller_path, death.caller_offset);
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// The copy is named by its content, which tells people nothing.
std::string place_text(std::string_view path, std::uint64_t offset, const std::string& file,
                       const std::string& library) {
  return fmt::format("{}+{:#x}", name_of(path == library ? std::string_view(file) : path), offset);
}

std::string exit_text(int code, const std::string& library) {
  const bool has_lost_socket = !library.empty() && code == exit_code_of_lost_socket;
  return fmt::format("exited with code {}{}", code,
                     has_lost_socket ? ", as it does when its socket was closed" : "");
}

}  // namespace

Death parse_death(ExitStatus exit, std::string_view last_words) {
  Death death;
  death.exit = exit;
  while (!last_words.empty()) {
    const auto end = std::min(last_words.find('\n'), last_words.size());
    take_line(death, last_words.substr(0, end));
    last_words.remove_prefix(std::min(end + 1, last_words.size()));
  }
  return death;
}

std::string to_text(const Death& death, const std::string& file, const std::string& library) {
  if (death.has_closed_socket) return "closed its socket to the agent and was killed";
  if (!death.exit.by_signal) return exit_text(death.exit.code, library);
  auto text = fmt::format("ended by signal {} ({})", death.exit.code, sigdescr_np(death.exit.code));
  if (!death.module_path.empty()) {
    text += " at " + place_text(death.module_path, death.module_offset, file, library);
  }
  if (!death.caller_path.empty()) {
    text += ", called at " + place_text(death.caller_path, death.caller_offset, file, library);
  }
  return text;
}

}  // namespace shoal::plugin
