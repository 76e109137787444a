// Whatever a server sends, however it is cut, is read without a crash; cut elsewhere it means the
// same; and no body is longer than allowed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "plugin/http/failure.h"
#include "plugin/http/reader.h"

namespace {

using shoal::plugin::HttpFailure;
using shoal::plugin::HttpReader;
using shoal::plugin::HttpResponse;

constexpr std::size_t max_body = 1000;

void require(bool is_true) {
  if (!is_true) std::abort();
}

std::optional<HttpResponse> read(std::string_view bytes, std::size_t piece) {
  HttpReader reader(HttpReader::Body::by_header, max_body);
  try {
    for (std::size_t at = 0; at < bytes.size() && !reader.is_complete(); at += piece) {
      reader.take(bytes.substr(at, piece));
    }
    if (!reader.is_complete()) reader.end();
  } catch (const HttpFailure&) {
    return std::nullopt;
  }
  return reader.release();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shoal;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);

  const auto whole = read(bytes, bytes.size() + 1);
  const auto cut = read(bytes, data[0] % 16 + 1U);

  require(whole.has_value() == cut.has_value());
  if (whole) require(whole->body == cut->body && whole->status == cut->status);
  if (whole) require(whole->body.size() <= max_body && whole->headers == cut->headers);
  const auto wait =
      plugin::parse_retry_after(bytes, from_unix_nanoseconds(1'800'000'000'000'000'000));
  require(wait >= wait.zero() && wait <= std::chrono::hours(24));
  return 0;
}
