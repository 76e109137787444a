#include "echo.h"

namespace shoal::ping {
namespace {

constexpr std::size_t header_size = 8;
constexpr std::size_t smallest_ip_header = 20;

constexpr unsigned request_type(Wire wire) {
  return wire.is_ipv6 ? 128 : 8;
}
constexpr unsigned reply_type(Wire wire) {
  return wire.is_ipv6 ? 129 : 0;
}

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

unsigned number_at(std::string_view text, std::size_t at) {
  return byte_at(text, at) << 8U | byte_at(text, at + 1);
}

void append_number(std::string& text, unsigned number) {
  text += static_cast<char>(number >> 8U);
  text += static_cast<char>(number & 0xffU);
}

// The internet checksum (RFC 1071).
unsigned checksum(std::string_view text) {
  unsigned sum = 0;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    sum += at + 1 < text.size() ? number_at(text, at) : byte_at(text, at) << 8U;
  }
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return ~sum & 0xffffU;
}

std::string message_of(const Echo& echo, Wire wire, unsigned sum) {
  std::string message{static_cast<char>(request_type(wire)), '\0'};
  append_number(message, sum);
  append_number(message, echo.id);
  append_number(message, echo.sequence);
  return message + echo.payload;
}

// Empty if there is no whole one.
std::string_view without_ip_header(std::string_view packet) {
  if (packet.size() < smallest_ip_header) return {};
  const std::size_t size = (byte_at(packet, 0) & 0xfU) * std::size_t{4};
  return size < smallest_ip_header || size > packet.size() ? std::string_view()
                                                           : packet.substr(size);
}

}  // namespace

std::string request_of(const Echo& echo, Wire wire) {
  // The sum of an ICMPv6 message holds the addresses, so the kernel writes it.
  return message_of(echo, wire, wire.is_ipv6 ? 0 : checksum(message_of(echo, wire, 0)));
}

bool is_reply_to(const Echo& echo, std::string_view packet, Wire wire) {
  if (wire.is_raw && !wire.is_ipv6) packet = without_ip_header(packet);
  if (packet.size() < header_size) return false;
  const bool is_reply = byte_at(packet, 0) == reply_type(wire) && byte_at(packet, 1) == 0;
  const bool is_ours = !wire.is_raw || number_at(packet, 4) == echo.id;
  return is_reply && is_ours && number_at(packet, 6) == echo.sequence &&
         packet.substr(header_size) == echo.payload;
}

}  // namespace shoal::ping
