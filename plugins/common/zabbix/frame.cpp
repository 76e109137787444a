#include "common/zabbix/frame.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <zlib.h>

#include "common/words.h"

namespace shoal::zabbix {
namespace {

constexpr std::string_view magic = "ZBXD";
constexpr unsigned protocol = 0x01;
constexpr unsigned compressed = 0x02;
constexpr unsigned large = 0x04;
// Agents that knew no frames sent no more.
constexpr std::size_t longest_line = std::size_t{64} * 1024;

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    number = number << 8 | static_cast<unsigned char>(bytes[i - 1]);
  }
  return number;
}

void append_little_endian(std::string& text, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>(number >> shift & 0xff);
}

bool may_be_framed(std::string_view received) {
  return received.substr(0, magic.size()) == magic.substr(0, received.size());
}

bool is_tls(std::string_view received) {
  return received.starts_with("\x15\x03") || received.starts_with("\x16\x03");
}

struct Header {
  unsigned flags = 0;
  std::size_t size = 0;          // of itself
  std::uint64_t payload = 0;     // bytes on the wire
  std::uint64_t as_claimed = 0;  // bytes when inflated

  std::size_t whole() const { return size + static_cast<std::size_t>(payload); }
};

std::string flags_fault(unsigned flags) {
  if ((flags & protocol) != 0 && (flags & ~(protocol | compressed | large)) == 0) return {};
  return "expected a frame's flags 1 to 7 with 1 set, found " + std::to_string(flags);
}

std::string size_fault(const Header& header, std::size_t most) {
  const bool is_compressed = (header.flags & compressed) != 0;
  const auto claimed = std::max(header.payload, is_compressed ? header.as_claimed : 0);
  if (claimed <= most) return {};
  return "expected at most " + std::to_string(most) + " bytes, found a frame that claims " +
         std::to_string(claimed);
}

// Nothing if it is not all there yet; `fault` if it never will be one.
std::optional<Header> read_header(std::string_view received, std::size_t most, std::string& fault) {
  constexpr std::size_t flags_at = magic.size();
  if (received.size() <= flags_at) return std::nullopt;
  Header header;
  header.flags = static_cast<unsigned char>(received[flags_at]);
  fault = flags_fault(header.flags);
  const std::size_t width = (header.flags & large) != 0 ? 8 : 4;
  header.size = flags_at + 1 + 2 * width;
  if (!fault.empty() || received.size() < header.size) return std::nullopt;
  header.payload = little_endian(received.substr(flags_at + 1, width));
  header.as_claimed = little_endian(received.substr(flags_at + 1 + width, width));
  fault = size_fault(header, most);
  return fault.empty() ? std::optional(header) : std::nullopt;
}

// Ends as soon as more comes out than was claimed: the claim bounds what is allocated.
class Inflation {
 public:
  explicit Inflation(std::string_view packed) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    is_ready_ = ::inflateInit(&stream_) == Z_OK;
  }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation() {
    if (is_ready_) ::inflateEnd(&stream_);
  }

  std::optional<std::string> run(std::size_t claimed) {
    std::string text;
    int result = is_ready_ ? Z_OK : Z_MEM_ERROR;
    while (result == Z_OK && text.size() <= claimed) {
      std::array<char, 16384> piece{};
      stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream_.avail_out = piece.size();
      result = ::inflate(&stream_, Z_NO_FLUSH);
      text.append(piece.data(), piece.size() - stream_.avail_out);
    }
    const bool is_as_claimed = result == Z_STREAM_END && text.size() == claimed;
    return is_as_claimed ? std::optional(std::move(text)) : std::nullopt;
  }

 private:
  z_stream stream_{};
  bool is_ready_ = false;
};

Reply refused(std::string fault) {
  return {.text = {}, .fault = std::move(fault)};
}

Reply read_frame(std::string_view received, std::size_t most) {
  std::string fault;
  const auto header = read_header(received, most, fault);
  if (!fault.empty()) return refused(fault);
  if (!header || received.size() < header->whole()) {
    return refused("the answer ended in the middle, after " + std::to_string(received.size()) +
                   " bytes");
  }
  const auto payload = received.substr(header->size, static_cast<std::size_t>(header->payload));
  if ((header->flags & compressed) == 0) return {.text = std::string(payload), .fault = {}};

  auto inflated = Inflation(payload).run(static_cast<std::size_t>(header->as_claimed));
  if (inflated) return {.text = *std::move(inflated), .fault = {}};
  return refused("expected a compressed answer of " + std::to_string(header->as_claimed) +
                 " bytes, found it damaged or of another size");
}

Reply read_line(std::string_view received) {
  const auto line = received.substr(0, received.find('\n'));
  if (line.size() > longest_line) {
    return refused("expected a frame or a line, found " + common::quoted(line));
  }
  return {.text = std::string(line), .fault = {}};
}

}  // namespace

std::string framed(std::string_view payload) {
  std::string frame(magic);
  frame += static_cast<char>(protocol);
  append_little_endian(frame, static_cast<std::uint32_t>(payload.size()));
  append_little_endian(frame, 0);
  return frame += payload;
}

bool is_whole(std::string_view received, std::size_t most) {
  if (!may_be_framed(received)) {
    return received.size() > longest_line || is_tls(received) ||
           received.find('\n') != std::string_view::npos;
  }
  std::string fault;
  const auto header = read_header(received, most, fault);
  return !fault.empty() || (header && received.size() >= header->whole());
}

Reply read_reply(std::string_view received, std::size_t most) {
  if (received.empty()) return {.text = {}, .fault = "nothing", .is_none = true};
  if (is_tls(received)) return {.text = {}, .fault = "TLS", .is_tls = true};
  return may_be_framed(received) ? read_frame(received, most) : read_line(received);
}

}  // namespace shoal::zabbix
