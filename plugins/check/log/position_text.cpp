#include "position_text.h"

#include "common/fields.h"

namespace shoal::log {
namespace {

constexpr std::string_view version = "positions 1";

// A path may hold whatever it likes, a line end too.
std::string escaped(std::string_view path) {
  std::string text;
  for (const char c : path) {
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c == '\\' ? "\\\\" : std::string(1, c);
    }
  }
  return text;
}

std::string unescaped(std::string_view text) {
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 1 < text.size();
    if (is_escape) ++i;
    path += is_escape && text[i] == 'n' ? '\n' : text[i];
  }
  return path;
}

std::optional<Position> parse_position(std::string_view line) {
  Position position;
  for (auto* number : {&position.identity.device, &position.identity.inode, &position.offset,
                       &position.head_hash, &position.tail_hash}) {
    const auto value = common::take_number(line);
    if (!value) return std::nullopt;
    *number = *value;
  }
  const auto moved = common::take_field(line);
  if (!moved || line.size() < 2) return std::nullopt;
  position.is_moved = *moved == "moved";
  position.path = unescaped(line.substr(1));
  return position;
}

}  // namespace

std::string to_text(const std::vector<Position>& positions) {
  std::string text(version);
  for (const auto& one : positions) {
    text += '\n';
    for (const auto number :
         {one.identity.device, one.identity.inode, one.offset, one.head_hash, one.tail_hash}) {
      text += std::to_string(number) + ' ';
    }
    text += (one.is_moved ? "moved " : "here ") + escaped(one.path);
  }
  return text;
}

std::optional<std::vector<Position>> parse_positions(std::string_view text) {
  if (common::take_line(text) != version) return std::nullopt;
  std::vector<Position> positions;
  while (const auto line = common::take_line(text)) {
    auto position = parse_position(*line);
    if (!position) return std::nullopt;
    positions.push_back(std::move(*position));
  }
  return positions;
}

}  // namespace shoal::log
