#include "control.h"

#include <cmath>

#include "bytes.h"
#include "common/fields.h"
#include "common/words.h"

namespace shoal::ntp {
namespace {

constexpr std::uint64_t version_2_mode_6 = 0x16;
constexpr unsigned read_variables_operation = 2;
constexpr unsigned response_bit = 0x80;
constexpr unsigned error_bit = 0x40;
constexpr std::size_t header_size = 12;
constexpr double unsynchronized_stratum = 16;
constexpr double unsynchronized_leap = 3;

std::string_view trimmed(std::string_view text) {
  constexpr auto blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Of "leap=0, stratum=2, offset=-0.021".
std::optional<double> variable(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const auto one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    const auto equals = one.find('=');
    if (equals == std::string_view::npos || trimmed(one.substr(0, equals)) != name) continue;
    const auto value = common::to_decimal(trimmed(one.substr(equals + 1)));
    return value && std::isfinite(*value) ? value : std::nullopt;
  }
  return std::nullopt;
}

Reading reading_of(std::string_view list) {
  constexpr double milliseconds = 1000;
  const auto stratum = variable(list, "stratum");
  const auto offset = variable(list, "offset");
  if (!stratum || *stratum < 0 || *stratum > unsynchronized_stratum || !offset) {
    return {0, 0, false, "expected its stratum and offset, found " + common::quoted(list)};
  }
  const auto steps = static_cast<unsigned>(*stratum);
  const bool is_unsynchronized = *stratum == unsynchronized_stratum ||
                                 variable(list, "leap").value_or(0) == unsynchronized_leap;
  if (is_unsynchronized) return {0, steps, true, "it is not synchronized"};
  return {*offset / milliseconds, steps, false, {}};
}

}  // namespace

std::string variables_request(std::uint16_t mark) {
  constexpr std::string_view names = "leap,stratum,offset";
  std::string request;
  append_number(request, version_2_mode_6, 1);
  append_number(request, read_variables_operation, 1);
  append_number(request, mark, 2);
  append_number(request, 0,
                6);  // status, association and offset: of the host itself, from the start
  append_number(request, names.size(), 2);
  request += names;
  request.resize((request.size() + 3) / 4 * 4);
  return request;
}

std::optional<Reading> read_variables(std::string_view datagram, std::uint16_t mark) {
  if (datagram.size() < header_size) return std::nullopt;
  const auto operation = static_cast<unsigned>(number_at(datagram, 1, 1));
  const bool is_ours = (number_at(datagram, 0, 1) & 7U) == 6 && (operation & response_bit) != 0 &&
                       (operation & 0x1fU) == read_variables_operation &&
                       number_at(datagram, 2, 2) == mark;
  if (!is_ours) return std::nullopt;
  if ((operation & error_bit) != 0) {
    const auto code = number_at(datagram, 4, 1);
    return Reading{0, 0, false, "it does not answer the question: error " + std::to_string(code)};
  }
  return reading_of(datagram.substr(header_size, number_at(datagram, 10, 2)));
}

}  // namespace shoal::ntp
