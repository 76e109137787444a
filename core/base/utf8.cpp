#include "base/utf8.h"

#include <algorithm>

#include <fmt/core.h>

namespace shoal {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

unsigned char byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

// What the second byte may be tells overlong forms, surrogates and numbers beyond U+10FFFF apart.
struct Form {
  std::size_t size = 0;
  unsigned char second_from = 0x80;
  unsigned char second_to = 0xBF;
};

Form form_of(unsigned char lead) {
  if (lead < 0x80) return {1};
  if (lead >= 0xC2 && lead <= 0xDF) return {2};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {3};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {4};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

std::string escaped(unsigned char byte) {
  switch (byte) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return fmt::format("\\x{:02x}", byte);
  }
}

bool is_shown_as_is(std::string_view character) {
  const unsigned char lead = byte_at(character, 0);
  if (lead == '"' || lead == '\\') return false;
  const bool is_c1_control = lead == 0xC2 && byte_at(character, 1) < 0xA0;
  return lead >= 0x20 && lead != 0x7F && !is_c1_control;
}

}  // namespace

std::size_t utf8_character_size(std::string_view text) {
  if (text.empty()) return 0;
  const Form form = form_of(byte_at(text, 0));
  if (form.size < 2 || text.size() < form.size) return text.size() < form.size ? 0 : form.size;
  const unsigned char second = byte_at(text, 1);
  if (second < form.second_from || second > form.second_to) return 0;
  for (std::size_t i = 2; i < form.size; ++i) {
    if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
  }
  return form.size;
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = utf8_character_size(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string to_utf8(std::string_view bytes, std::size_t limit) {
  std::string text;
  text.reserve(std::min(bytes.size(), limit));
  while (!bytes.empty()) {
    const std::size_t size = utf8_character_size(bytes);
    const std::string_view character = size == 0 ? replacement : bytes.substr(0, size);
    if (text.size() + character.size() > limit) break;
    text += character;
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
  return text;
}

std::string quoted(std::string_view bytes, std::size_t limit) {
  std::string text = "\"";
  while (!bytes.empty() && text.size() <= limit) {
    const std::size_t size = utf8_character_size(bytes);
    if (size != 0 && is_shown_as_is(bytes.substr(0, size))) {
      text += bytes.substr(0, size);
    } else {
      for (const char c : bytes.substr(0, std::max<std::size_t>(size, 1))) {
        text += escaped(static_cast<unsigned char>(c));
      }
    }
    bytes.remove_prefix(std::max<std::size_t>(size, 1));
  }
  text += bytes.empty() ? "\"" : "\"...";
  return text;
}

}  // namespace shoal
