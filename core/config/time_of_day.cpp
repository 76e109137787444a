#include "config/time_of_day.h"

#include <charconv>

namespace shoal::config {

namespace {

// Takes what `text` begins with, piece by piece; once a piece is wrong, all of it is.
class Reading {
 public:
  explicit Reading(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int number = 0;
    const auto piece = rest_.substr(0, count);
    const bool is_number = piece.find_first_not_of("0123456789") == std::string_view::npos;
    is_right_ = is_right_ && piece.size() == count && is_number;
    if (is_right_) std::from_chars(piece.data(), piece.data() + count, number);
    rest_.remove_prefix(piece.size());
    return number;
  }
  void literal(char wanted) {
    is_right_ = is_right_ && rest_.starts_with(wanted);
    if (is_right_) rest_.remove_prefix(1);
  }
  char one_of(std::string_view wanted) {
    is_right_ = is_right_ && !rest_.empty() && wanted.find(rest_[0]) != std::string_view::npos;
    const char found = is_right_ ? rest_[0] : '\0';
    if (is_right_) rest_.remove_prefix(1);
    return found;
  }
  bool is_right() const { return is_right_; }
  bool is_all_read() const { return is_right_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool is_right_ = true;
};

// Minutes of "HH:MM", or nothing a day has.
int read_minutes(Reading& reading) {
  const int hours = reading.digits(2);
  reading.literal(':');
  const int minutes = reading.digits(2);
  return minutes < 60 ? hours * 60 + minutes : 24 * 60 + 1;
}

}  // namespace

std::optional<SilenceSettings::Span> parse_time_span(std::string_view text) {
  constexpr int day = 24 * 60;
  Reading reading(text);
  const int from = read_minutes(reading);
  reading.literal('-');
  const int to = read_minutes(reading);
  if (!reading.is_all_read() || from >= day || to > day || from == to) return std::nullopt;
  return SilenceSettings::Span{.from = from, .to = to};
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  Reading reading(text);
  const std::chrono::year year{reading.digits(4)};
  reading.literal('-');
  const std::chrono::month month{static_cast<unsigned>(reading.digits(2))};
  reading.literal('-');
  const std::chrono::day day{static_cast<unsigned>(reading.digits(2))};
  reading.one_of("Tt ");
  const int minutes = read_minutes(reading);
  reading.literal(':');
  const int seconds = reading.digits(2);
  const char zone = reading.one_of("Zz+-");
  int offset = 0;
  if (zone == '+' || zone == '-') offset = read_minutes(reading) * (zone == '-' ? -1 : 1);
  const std::chrono::year_month_day date{year, month, day};
  const bool is_time = minutes < 24 * 60 && seconds < 61 && date.ok();
  if (!reading.is_all_read() || !is_time) return std::nullopt;
  // What the clock cannot hold.
  if (year < std::chrono::year{1970} || year > std::chrono::year{2200}) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::minutes{minutes - offset} +
         std::chrono::seconds{seconds};
}

}  // namespace shoal::config
