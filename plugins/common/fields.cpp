#include "common/fields.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace shoal::common {
namespace {

constexpr std::string_view blanks = " \t\r\n";

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::string_view> take_line(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::optional<std::string_view> take_field(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  if (rest.empty()) return std::nullopt;
  const auto field = rest.substr(0, rest.find_first_of(blanks));
  rest.remove_prefix(field.size());
  return field;
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  return whole<std::uint64_t>(text);
}

std::optional<double> to_decimal(std::string_view text) {
  return whole<double>(text);
}

std::optional<std::uint64_t> take_number(std::string_view& rest) {
  const auto field = take_field(rest);
  return field ? to_number(*field) : std::nullopt;
}

}  // namespace shoal::common
