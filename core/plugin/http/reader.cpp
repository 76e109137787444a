#include "plugin/http/reader.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

#include "plugin/http/failure.h"

namespace shoal::plugin {
namespace {

constexpr std::size_t max_head_bytes = 64 << 10;
constexpr std::size_t max_line_bytes = 4 << 10;  // of chunk sizes and trailers

[[noreturn]] void refuse(const std::string& reason) {
  throw HttpFailure(CallStatus::retry, reason);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Whether the comma-separated `list` names `token`.
bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    if (is_same_name(trimmed(list.substr(0, end)), token)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

// All of `text` as a number; signs and spaces are no part of one.
std::optional<std::uint64_t> parse_number(std::string_view text, int base = 10) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, value, base);
  if (fault != std::errc() || rest != end) return std::nullopt;
  return value;
}

// "06 Nov 1994 08:49:37 GMT": what is left of a date after its weekday.
std::optional<WallTime> parse_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 24 || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), text.substr(3, 3));
  const auto day = parse_number(text.substr(0, 2));
  const auto year = parse_number(text.substr(7, 4));
  const auto hour = parse_number(text.substr(12, 2));
  const auto minute = parse_number(text.substr(15, 2));
  const auto second = parse_number(text.substr(18, 2));
  if (month == months.end() || !day || !year || !hour || !minute || !second) return std::nullopt;

  using namespace std::chrono;
  const year_month_day date{std::chrono::year(static_cast<int>(*year)),
                            std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year > 2200) return std::nullopt;  // the clock's nanoseconds end in 2262
  return sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second);
}

}  // namespace

bool is_same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

void HttpReader::take(std::string_view bytes) {
  pending_.append(bytes);
  while (state_ != State::complete && step()) {
  }
}

void HttpReader::end() {
  keeps_alive_ = false;
  if (state_ == State::body_until_end) state_ = State::complete;
  if (is_complete()) return;
  if (state_ == State::head) refuse("the connection was closed before the answer's head was whole");
  if (state_ == State::sized_body) {
    refuse(
        fmt::format("the connection was closed {} bytes before the end of the answer", remaining_));
  }
  refuse("the connection was closed in the middle of a chunked answer");
}

// Makes one step with the pending bytes; false if it takes more of them.
bool HttpReader::step() {
  switch (state_) {
    case State::head:
      return step_head();
    case State::chunk_size:
      return step_chunk_size();
    case State::chunk_end:
      return step_chunk_end();
    case State::trailer:
      return step_trailer();
    default:
      return step_body();
  }
}

bool HttpReader::step_head() {
  const auto end = pending_.find("\r\n\r\n");
  if (std::min(end, pending_.size()) > max_head_bytes) {
    refuse(fmt::format("the answer's head is longer than {} bytes", max_head_bytes));
  }
  constexpr std::string_view protocol = "HTTP/1.";
  if (!pending_.starts_with(protocol.substr(0, pending_.size()))) refuse("the answer is not HTTP");
  if (end == std::string::npos) return false;

  response_ = {};
  parse_head(std::string_view(pending_).substr(0, end));
  pending_.erase(0, end + 4);
  if (response_.status >= 200 || response_.status == 101) choose_body();
  return true;  // after a 1xx comes another head
}

void HttpReader::parse_head(std::string_view head) {
  bool is_first = true;
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, end);
    if (std::exchange(is_first, false)) {
      parse_status_line(line);
    } else {
      parse_header(line);
    }
    head.remove_prefix(std::min(end + 2, head.size()));
  }
}

// "HTTP/1.1 200 OK", of which the words may be missing.
void HttpReader::parse_status_line(std::string_view line) {
  const auto status = line.size() >= 12 ? parse_number(line.substr(9, 3)) : std::nullopt;
  const bool is_whole =
      line.size() >= 12 && line[8] == ' ' && (line.size() == 12 || line[12] == ' ');
  if (!is_whole || !status || *status < 100) refuse("the answer's status line is not HTTP");
  response_.status = static_cast<int>(*status);
  keeps_alive_ = line[7] >= '1';
}

void HttpReader::parse_header(std::string_view line) {
  const auto colon = line.find(':');
  const bool is_folded = line.starts_with(' ') || line.starts_with('\t');
  if (colon == std::string_view::npos || colon == 0 || is_folded) {
    refuse("the answer has a header line that is not HTTP");
  }
  response_.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
}

const std::string* HttpReader::header(std::string_view name) const {
  for (const auto& [key, value] : response_.headers) {
    if (is_same_name(key, name)) return &value;
  }
  return nullptr;
}

// Where the body ends: RFC 9112, section 6.3.
void HttpReader::choose_body() {
  if (const auto* connection = header("connection"); connection != nullptr) {
    if (has_token(*connection, "close")) keeps_alive_ = false;
    if (has_token(*connection, "keep-alive")) keeps_alive_ = true;
  }
  const int status = response_.status;
  if (body_ == Body::none || status == 204 || status == 304 || status == 101) {
    state_ = State::complete;
    return;
  }
  if (const auto* coding = header("transfer-encoding"); coding != nullptr) {
    if (!is_same_name(*coding, "chunked")) {
      refuse("the answer has a transfer coding other than chunked");
    }
    state_ = State::chunk_size;
    return;
  }
  const auto* length = header("content-length");
  if (length == nullptr) {
    state_ = State::body_until_end;
    return;
  }
  const auto size = parse_number(*length);
  const auto is_other_length = [&](const auto& entry) {
    return is_same_name(entry.first, "content-length") && entry.second != *length;
  };
  if (!size || std::any_of(response_.headers.begin(), response_.headers.end(), is_other_length)) {
    refuse("the answer's Content-Length is not one number");
  }
  if (*size > max_body_) refuse(fmt::format("the answer is longer than {} bytes", max_body_));
  remaining_ = *size;
  state_ = *size == 0 ? State::complete : State::sized_body;
}

bool HttpReader::step_body() {
  const bool has_size = state_ != State::body_until_end;
  const auto count =
      has_size ? std::min<std::uint64_t>(remaining_, pending_.size()) : pending_.size();
  if (count == 0) return false;
  if (response_.body.size() + count > max_body_) {
    refuse(fmt::format("the answer is longer than {} bytes", max_body_));
  }
  response_.body.append(pending_, 0, count);
  pending_.erase(0, count);
  if (!has_size) return false;
  remaining_ -= count;
  if (remaining_ == 0) state_ = state_ == State::chunk ? State::chunk_end : State::complete;
  return true;
}

std::optional<std::string_view> HttpReader::take_line() {
  const auto end = pending_.find("\r\n");
  if (std::min(end, pending_.size()) > max_line_bytes) refuse("the answer's chunks are not HTTP");
  if (end == std::string::npos) return std::nullopt;
  line_.assign(pending_, 0, end);
  pending_.erase(0, end + 2);
  return line_;
}

bool HttpReader::step_chunk_size() {
  const auto line = take_line();
  if (!line) return false;
  const auto size = parse_number(trimmed(line->substr(0, line->find(';'))), 16);
  if (!size) refuse("the answer's chunks are not HTTP");
  if (*size > max_body_) refuse(fmt::format("the answer is longer than {} bytes", max_body_));
  remaining_ = *size;
  state_ = *size == 0 ? State::trailer : State::chunk;
  return true;
}

bool HttpReader::step_chunk_end() {
  const auto line = take_line();
  if (!line) return false;
  if (!line->empty()) refuse("the answer's chunks are not HTTP");
  state_ = State::chunk_size;
  return true;
}

bool HttpReader::step_trailer() {
  const auto line = take_line();
  if (line && line->empty()) state_ = State::complete;
  return line.has_value();
}

std::chrono::milliseconds parse_retry_after(std::string_view text, WallTime now) {
  using std::chrono::milliseconds;
  constexpr milliseconds longest = std::chrono::hours(24);
  text = trimmed(text);
  if (const auto seconds = parse_number(text)) {
    return milliseconds(std::min<std::uint64_t>(*seconds, 86'400) * 1000);
  }
  const auto date = text.size() > 5 ? parse_date(text.substr(5)) : std::nullopt;
  if (!date) return milliseconds::zero();
  return std::clamp(std::chrono::ceil<milliseconds>(*date - now), milliseconds::zero(), longest);
}

}  // namespace shoal::plugin
