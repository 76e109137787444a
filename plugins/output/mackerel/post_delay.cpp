#include "post_delay.h"

#include <string>

namespace shoal::mackerel {
namespace {

constexpr std::size_t block_size = 64;

std::uint32_t rotate(std::uint32_t word, int bits) {
  return word << bits | word >> (32 - bits);
}

// FIPS 180-4, 6.1.2.
void digest_block(std::array<std::uint32_t, 5>& state, std::string_view block) {
  std::array<std::uint32_t, 80> word{};
  for (std::size_t i = 0; i < 64; ++i) {
    word[i / 4] = word[i / 4] << 8 | static_cast<std::uint8_t>(block[i]);
  }
  for (std::size_t i = 16; i < 80; ++i) {
    word[i] = rotate(word[i - 3] ^ word[i - 8] ^ word[i - 14] ^ word[i - 16], 1);
  }
  auto [a, b, c, d, e] = state;
  for (std::size_t i = 0; i < 80; ++i) {
    const auto [mix, constant] = i < 20   ? std::array{(b & c) | (~b & d), 0x5a827999U}
                                 : i < 40 ? std::array{b ^ c ^ d, 0x6ed9eba1U}
                                 : i < 60 ? std::array{(b & c) | (b & d) | (c & d), 0x8f1bbcdcU}
                                          : std::array{b ^ c ^ d, 0xca62c1d6U};
    const auto next = rotate(a, 5) + mix + e + constant + word[i];
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
}

// The message with its end mark and length, a multiple of a block.
std::string padded(std::string_view bytes) {
  std::string message(bytes);
  message += '\x80';
  while (message.size() % block_size != block_size - 8) message += '\0';
  const std::uint64_t bits = bytes.size() * 8;
  for (int shift = 56; shift >= 0; shift -= 8) message += static_cast<char>(bits >> shift);
  return message;
}

}  // namespace

std::array<std::uint8_t, 20> sha1(std::string_view bytes) {
  std::array<std::uint32_t, 5> state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  const auto message = padded(bytes);
  for (std::size_t at = 0; at < message.size(); at += block_size) {
    digest_block(state, std::string_view(message).substr(at, block_size));
  }
  std::array<std::uint8_t, 20> digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

int post_second(std::string_view host_id) {
  return sha1(host_id).back() % 60;
}

std::int64_t next_post_ns(std::string_view host_id, std::int64_t now_ns) {
  constexpr std::int64_t second = 1'000'000'000;
  constexpr std::int64_t minute = 60 * second;
  const std::int64_t in_this_minute = now_ns - now_ns % minute + post_second(host_id) * second;
  return in_this_minute > now_ns ? in_this_minute : in_this_minute + minute;
}

}  // namespace shoal::mackerel
