#include "alert/silence.h"

#include <algorithm>
#include <ctime>

#include "base/glob.h"

namespace shoal::alert {
namespace {

constexpr int day_minutes = 24 * 60;

std::tm local(WallTime time) {
  const std::time_t seconds = unix_seconds(time);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return parts;
}

bool has_day(std::uint8_t days, int week_day) {
  return (days >> ((week_day + 7) % 7) & 1) != 0;
}

// When a local day, `days_ahead` of that of `now`, is so many minutes old. A minute that the clocks
// skip counts as the one after it.
WallTime local_time(WallTime now, int days_ahead, int minutes) {
  std::tm parts = local(now);
  parts.tm_mday += days_ahead;
  parts.tm_hour = minutes / 60;
  parts.tm_min = minutes % 60;
  parts.tm_sec = 0;
  parts.tm_isdst = -1;
  return WallTime{std::chrono::seconds{std::mktime(&parts)}};
}

}  // namespace

bool Silence::covers(std::string_view job) const {
  return std::any_of(settings_.match.begin(), settings_.match.end(),
                     [&](const std::string& glob) { return fits(glob, job); });
}

bool Silence::is_on(WallTime now) const {
  return is_in_dates(now) && is_in_times(now);
}

bool Silence::is_in_dates(WallTime now) const {
  return (!settings_.from || *settings_.from <= now) &&
         (!settings_.until || now < *settings_.until);
}

// A span that goes past midnight belongs to the day on which it began.
bool Silence::is_in_times(WallTime now) const {
  const std::tm parts = local(now);
  const int minute = parts.tm_hour * 60 + parts.tm_min;
  const bool is_today = has_day(settings_.days, parts.tm_wday);
  const bool was_yesterday = has_day(settings_.days, parts.tm_wday - 1);
  if (settings_.times.empty()) return is_today;
  return std::any_of(settings_.times.begin(), settings_.times.end(),
                     [&](const config::SilenceSettings::Span& span) {
                       if (span.from < span.to) {
                         return is_today && span.from <= minute && minute < span.to;
                       }
                       return (is_today && span.from <= minute) ||
                              (was_yesterday && minute < span.to);
                     });
}

// It can end only where a span ends, a day does, or the dates do.
std::optional<WallTime> Silence::end(WallTime now) const {
  std::vector<WallTime> ends;
  if (settings_.until) ends.push_back(*settings_.until);
  for (int day = 0; day <= 8; ++day) {
    for (const auto& span : settings_.times) ends.push_back(local_time(now, day, span.to));
    ends.push_back(local_time(now, day, day_minutes));
  }
  std::sort(ends.begin(), ends.end());
  const auto found = std::find_if(ends.begin(), ends.end(),
                                  [&](WallTime time) { return time > now && !is_on(time); });
  return found == ends.end() ? std::nullopt : std::optional(*found);
}

}  // namespace shoal::alert
