#include "process.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <unistd.h>

#include "common/fields.h"

namespace shoal::procs {
namespace {

// The fields of stat after the name, which is the second.
enum Field : std::size_t {
  state_field = 0,
  parent_field = 1,
  user_ticks_field = 11,
  system_ticks_field = 12,
  threads_field = 17,
  started_field = 19,
  virtual_field = 20,
  resident_field = 21,
  field_count
};

template <class Number>
bool read(std::string_view text, Number& number) {
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc{} && result.ptr == end;
}

}  // namespace

Units system_units() {
  return {static_cast<double>(sysconf(_SC_CLK_TCK)),
          static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
}

std::optional<Process> parse_stat(std::string_view text, const Units& units) {
  // A name may hold blanks and parentheses: the last one ends it.
  const auto open = text.find(" (");
  const auto close = text.rfind(')');
  Process process;
  if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
      !read(text.substr(0, open), process.pid)) {
    return std::nullopt;
  }
  process.name = text.substr(open + 2, close - open - 2);

  std::array<std::string_view, field_count> fields;
  auto rest = text.substr(close + 1);
  for (auto& field : fields) field = common::take_field(rest).value_or("");
  std::uint64_t user_ticks = 0, system_ticks = 0, started = 0, pages = 0;
  if (fields[state_field].size() != 1 || !read(fields[parent_field], process.parent) ||
      !read(fields[user_ticks_field], user_ticks) ||
      !read(fields[system_ticks_field], system_ticks) ||
      !read(fields[threads_field], process.threads) || !read(fields[started_field], started) ||
      !read(fields[virtual_field], process.virtual_bytes) || !read(fields[resident_field], pages)) {
    return std::nullopt;
  }
  process.state = fields[state_field].front();
  process.cpu_seconds = static_cast<double>(user_ticks + system_ticks) / units.ticks_per_second;
  process.started_seconds = static_cast<double>(started) / units.ticks_per_second;
  process.resident_bytes = pages * units.page_bytes;
  return process;
}

std::string command_of(const Process& process, std::string_view cmdline) {
  if (process.state == 'Z') return "[" + process.name + "] <defunct>";
  while (!cmdline.empty() && cmdline.back() == '\0') cmdline.remove_suffix(1);
  if (cmdline.empty()) return "[" + process.name + "]";
  std::string command(cmdline);
  std::replace(command.begin(), command.end(), '\0', ' ');
  return command;
}

std::optional<uid_t> parse_user(std::string_view status) {
  while (const auto line = common::take_line(status)) {
    if (line->substr(0, 4) != "Uid:") continue;
    auto rest = line->substr(4);
    common::take_number(rest);
    const auto effective = common::take_number(rest);
    return effective ? std::optional(static_cast<uid_t>(*effective)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace shoal::procs
