#include "slack_text.h"

#include <algorithm>

#include "common/percent.h"
#include "common/utf8.h"

namespace shoal::slack {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr char escape = '\x1B';

// The next piece of a text: how many bytes it takes there, and what is sent instead.
struct Piece {
  std::size_t taken;
  std::string_view sent;
};

bool is_final_byte(char c) {
  return c >= 0x40 && c <= 0x7E;
}

// "ESC [ 3 1 m" and its kin; a lone ESC otherwise.
std::size_t escape_sequence_length(std::string_view text) {
  if (text.size() < 2 || text[1] != '[') return 1;
  const auto* const end = std::find_if(text.begin() + 2, text.end(), is_final_byte);
  return static_cast<std::size_t>(end - text.begin()) + (end == text.end() ? 0 : 1);
}

bool is_control(char c) {
  const auto code = static_cast<unsigned char>(c);
  return (code < 0x20 && c != '\n' && c != '\t') || code == 0x7F;
}

Piece next_piece(std::string_view text) {
  const char c = text.front();
  if (c == '&') return {1, "&amp;"};
  if (c == '<') return {1, "&lt;"};
  if (c == '>') return {1, "&gt;"};
  if (c == escape) return {escape_sequence_length(text), ""};
  if (is_control(c)) return {1, ""};
  const auto length = common::first_character_length(text);
  return length == 0 ? Piece{1, replacement} : Piece{length, text.substr(0, length)};
}

struct Kept {
  std::string sent;
  std::size_t cut_bytes;
};

Kept keep(std::string_view text, std::size_t most) {
  Kept kept{};
  std::size_t used = 0;
  while (!text.empty()) {
    const auto piece = next_piece(text);
    used += character_count(piece.sent);
    if (used > most) break;
    kept.sent += piece.sent;
    text.remove_prefix(piece.taken);
  }
  kept.cut_bytes = text.size();
  return kept;
}

}  // namespace

std::string escaped(std::string_view text) {
  return keep(text, std::string_view::npos).sent;
}

std::string shortened(std::string_view text, std::size_t most) {
  constexpr std::string_view mark = "...";
  auto whole = keep(text, most);
  if (whole.cut_bytes == 0) return std::move(whole.sent);
  return keep(text, most - std::min(most, mark.size())).sent.append(mark);
}

std::string excerpt(std::string_view text, std::size_t most) {
  constexpr std::size_t longest_mark = 32;
  auto whole = keep(text, most);
  if (whole.cut_bytes == 0) return std::move(whole.sent);
  const auto kept = keep(text, most - std::min(most, longest_mark));
  return kept.sent + "... (" + std::to_string(kept.cut_bytes) + " bytes cut)";
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

std::string_view further_lines(std::string_view text) {
  const auto end = text.find('\n');
  return end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
}

std::string safe_url(std::string_view url) {
  constexpr std::string_view ending = "<>|\"` ";
  std::string safe;
  for (const char c : url) {
    if (is_control(c) || c == '\n' || c == '\t' || ending.find(c) != std::string_view::npos) {
      safe += common::percent_encoded({&c, 1});
    } else {
      safe += c;
    }
  }
  return escaped(safe);
}

}  // namespace shoal::slack
