#include "chrony.h"

#include <cmath>

#include "bytes.h"

namespace shoal::ntp {
namespace {

constexpr std::uint64_t version = 6;
constexpr std::uint64_t request_type = 1;
constexpr std::uint64_t reply_type = 2;
constexpr std::uint64_t tracking_command = 33;
constexpr std::uint64_t tracking_reply = 5;
constexpr unsigned unsynchronized_leap = 3;

// A question is as long as its answer, so that nobody can make chronyd say more than was asked.
constexpr std::size_t reply_size = 104;
constexpr std::size_t stratum_at = 52;
constexpr std::size_t leap_at = 54;
constexpr std::size_t correction_at = 68;
constexpr std::size_t last_offset_at = 72;

// chrony's own: 7 bits of exponent and 25 of a coefficient, both signed.
double float_at(std::string_view datagram, std::size_t at) {
  constexpr unsigned coefficient_bits = 25;
  const auto raw = static_cast<std::uint32_t>(number_at(datagram, at, 4));
  auto exponent = static_cast<int>(raw >> coefficient_bits);
  auto coefficient = static_cast<int>(raw & ((1U << coefficient_bits) - 1));
  if (exponent >= 1 << 6) exponent -= 1 << 7;
  if (coefficient >= 1 << 24) coefficient -= 1 << 25;
  return std::ldexp(coefficient, exponent - static_cast<int>(coefficient_bits));
}

// The larger of two, each of which may be large while the other is not: a clock that is seconds off
// is corrected slowly, and all the while the updates tell no offset from what it is going to be.
Reading larger_offset(std::string_view datagram, unsigned stratum) {
  // What is left to add to the clock, which is behind then; and how far the clock was ahead.
  const double to_correct = float_at(datagram, correction_at);
  const double at_update = -float_at(datagram, last_offset_at);
  if (std::abs(to_correct) > std::abs(at_update)) {
    return {to_correct, stratum, false, {}, "still to be corrected"};
  }
  return {at_update, stratum, false, {}, "at the last update"};
}

}  // namespace

std::string tracking_request(std::uint32_t mark) {
  std::string request;
  append_number(request, version, 1);
  append_number(request, request_type, 1);
  append_number(request, 0, 2);
  append_number(request, tracking_command, 2);
  append_number(request, 0, 2);  // the number of the try
  append_number(request, mark, 4);
  request.resize(reply_size);
  return request;
}

std::optional<Reading> read_tracking(std::string_view datagram, std::uint32_t mark) {
  constexpr std::size_t header_size = 28;
  if (datagram.size() < header_size) return std::nullopt;
  const bool is_ours =
      number_at(datagram, 1, 1) == reply_type && number_at(datagram, 16, 4) == mark;
  if (!is_ours) return std::nullopt;

  const auto status = number_at(datagram, 8, 2);
  if (number_at(datagram, 0, 1) != version || status != 0) {
    return Reading{0, 0, false,
                   "it does not answer the question: status " + std::to_string(status)};
  }
  if (datagram.size() < reply_size || number_at(datagram, 6, 2) != tracking_reply) {
    return Reading{0, 0, false, "its answer is of another kind"};
  }
  const auto stratum = static_cast<unsigned>(number_at(datagram, stratum_at, 2));
  if (stratum == 0 || number_at(datagram, leap_at, 2) == unsynchronized_leap) {
    return Reading{0, stratum, true, "it is not synchronized"};
  }
  return larger_offset(datagram, stratum);
}

}  // namespace shoal::ntp
