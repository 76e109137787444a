#include "sntp.h"

#include <algorithm>
#include <ctime>

#include "bytes.h"

namespace shoal::ntp {
namespace {

constexpr std::size_t packet_size = 48;
constexpr unsigned client_mode = 3;
constexpr unsigned server_mode = 4;
constexpr unsigned version = 4;
constexpr unsigned unsynchronized_leap = 3;
constexpr unsigned unsynchronized_stratum = 16;
constexpr std::uint64_t seconds_until_1970 = 2'208'988'800;

// Right across the wrap as well, if less than 68 years lie between.
double seconds_between(Timestamp from, Timestamp to) {
  constexpr double fractions = 4294967296.0;
  return static_cast<double>(static_cast<std::int64_t>(to - from)) / fractions;
}

// Why a server tells no time: four letters in the place of its own source. Empty: it did not say.
std::string kiss_code(std::string_view reference) {
  const bool is_code =
      std::all_of(reference.begin(), reference.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return is_code ? std::string(reference) : std::string();
}

Reading unsynchronized(unsigned stratum, std::string_view reference) {
  Reading reading{0, stratum, true, "it is not synchronized"};
  const auto code = kiss_code(reference);
  if (stratum != 0 || code.empty()) return reading;
  return {0, 0, false, "it refuses to tell the time: " + code};
}

}  // namespace

Timestamp ntp_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const auto seconds = static_cast<std::uint64_t>(now.tv_sec) + seconds_until_1970;
  const auto fraction = (static_cast<std::uint64_t>(now.tv_nsec) << 32U) / 1'000'000'000U;
  return seconds << 32U | fraction;
}

std::string sntp_request(Timestamp mark) {
  std::string request(1, static_cast<char>(version << 3U | client_mode));
  request.resize(packet_size - sizeof(mark));
  append_number(request, mark, sizeof(mark));
  return request;
}

std::optional<Reading> read_sntp(std::string_view datagram, Timestamp mark, Timestamp sent,
                                 Timestamp received) {
  if (datagram.size() < packet_size) return std::nullopt;
  const auto flags = static_cast<unsigned>(number_at(datagram, 0, 1));
  const bool is_ours = (flags & 7U) == server_mode && number_at(datagram, 24, 8) == mark;
  if (!is_ours) return std::nullopt;

  const auto stratum = static_cast<unsigned>(number_at(datagram, 1, 1));
  const bool is_good =
      flags >> 6U != unsynchronized_leap && stratum > 0 && stratum < unsynchronized_stratum;
  if (!is_good) return unsynchronized(stratum, datagram.substr(12, 4));

  const Timestamp heard = number_at(datagram, 32, 8);
  const Timestamp answered = number_at(datagram, 40, 8);
  if (heard == 0 || answered == 0) return Reading{0, stratum, false, "it told no time"};
  const double offset = (seconds_between(sent, heard) + seconds_between(received, answered)) / 2;
  return Reading{offset, stratum, false, {}};
}

}  // namespace shoal::ntp
