// [silences.X].
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/core.h>

#include "config/sections.h"
#include "config/time_of_day.h"

namespace shoal::config {

namespace {

constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat"};

void read_match(const Section& section, SilenceSettings& silence) {
  silence.match = section.texts("match").value_or(std::vector<std::string>{});
  if (!section.has("match")) section.fail("expected match, got none");
  for (const std::string& glob : silence.match) {
    if (glob.starts_with("check:") || glob.starts_with('*')) continue;
    section.fail("match",
                 fmt::format("expected a pattern like \"check:backup*\", got \"{}\"", glob));
  }
}

void read_times(const Section& section, SilenceSettings& silence) {
  for (const std::string& text : section.texts("times").value_or(std::vector<std::string>{})) {
    if (const auto span = parse_time_span(text)) {
      silence.times.push_back(*span);
    } else {
      section.fail("times", fmt::format("expected times like \"22:00-06:00\", got \"{}\"", text));
    }
  }
}

void read_days(const Section& section, SilenceSettings& silence) {
  const auto names = section.texts("days");
  if (!names) return;
  silence.days = 0;
  for (const std::string& name : *names) {
    const auto* found = std::find(day_names.begin(), day_names.end(), to_lower(name));
    if (found == day_names.end()) {
      section.fail("days",
                   fmt::format("expected sun, mon, tue, wed, thu, fri or sat, got \"{}\"", name));
    } else {
      silence.days |= static_cast<std::uint8_t>(1U << (found - day_names.begin()));
    }
  }
  if (names->empty()) section.fail("days", "expected at least one day, got none");
}

std::optional<WallTime> read_time(const Section& section, std::string_view key) {
  const auto text = section.text(key);
  if (!text) return std::nullopt;
  const auto time = parse_rfc3339(*text);
  if (!time) {
    section.fail(key,
                 fmt::format("expected a time like \"2026-12-24T18:00:00Z\", got \"{}\"", *text));
  }
  return time;
}

void read_dates(const Section& section, SilenceSettings& silence) {
  silence.from = read_time(section, "from");
  silence.until = read_time(section, "until");
  if (silence.from && silence.until && *silence.from >= *silence.until) {
    section.fail("until", "expected a time after from");
  }
}

void read_silence(const std::string& name, const Section& section, Draft& draft) {
  static const std::string known[] = {"match", "times", "days", "from", "until", "enabled"};
  SilenceSettings silence{.name = name, .where = section.where()};
  read_match(section, silence);
  read_times(section, silence);
  read_days(section, silence);
  read_dates(section, silence);
  const bool is_bounded =
      section.has("times") || section.has("days") || section.has("from") || section.has("until");
  if (!is_bounded) section.fail("expected times, days, from or until, got none: it would not end");
  section.check_keys(known, UnknownKeys::refused);
  if (section.flag("enabled").value_or(true)) draft.silences.insert_or_assign(name, silence);
}

}  // namespace

void read_silences(const Section& silences, Draft& draft) {
  for (const Member& member : silences.table()) {
    if (const auto section = silences.table(member.key)) read_silence(member.key, *section, draft);
  }
}

}  // namespace shoal::config
