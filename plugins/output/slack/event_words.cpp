#include "event_words.h"

#include <array>
#include <ctime>
#include <optional>

#include <shoal/plugin.hpp>

#include "common/percent.h"
#include "common/words.h"
#include "slack_text.h"

namespace shoal::slack {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::size_t longest_line = 300;
constexpr std::int64_t late_after = 60;  // seconds

constexpr std::string_view message_prefix = "notify:";

std::string moment_words(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

// When the incident began: the dedupe key ends in "@" and that time in UTC as RFC 3339 has it.
std::optional<std::int64_t> incident_start(const shoal_event& event) {
  const std::string key(view(event.dedupe_key));
  const auto at = key.rfind('@');
  if (at == std::string::npos) return std::nullopt;
  std::tm parts{};
  const char* const rest = strptime(key.c_str() + at + 1, "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr || (*rest != 'Z' && *rest != '.')) return std::nullopt;
  return timegm(&parts);
}

std::optional<std::int64_t> lasted_seconds(const shoal_event& event) {
  const auto start = incident_start(event);
  const auto end = event.since_ns / second_ns;
  return start && *start <= end ? std::optional(end - *start) : std::nullopt;
}

std::string_view label_of(const shoal_event& event, std::string_view key) {
  for (std::uint32_t i = 0; i < event.links.count; ++i) {
    const auto* label = SHOAL_AT(shoal_label, event.links, i);
    if (view(label->key) == key) return view(label->value);
  }
  return {};
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

std::string recovery_words(const shoal_event& event) {
  const auto lasted = lasted_seconds(event);
  return lasted ? ", recovered after " + common::duration_words(*lasted) : ", recovered";
}

std::string was_words(const shoal_event& event) {
  if (event.from == SHOAL_CHECK_OK) return {};
  return " (was " + std::string(status_name(event.from)) + ")";
}

// `name` is the check's, as it shall be shown.
std::string headline_about(const shoal_event& event, const std::string& name) {
  const auto status = std::string(status_name(event.to)) + ": ";
  switch (kind_of(event)) {
    case EventKind::problem:
      return status + name + was_words(event);
    case EventKind::recovery:
      return status + name + recovery_words(event);
    case EventKind::notice:
      return name + ": " + shortened(first_line(view(event.text)), longest_line);
    case EventKind::message:
      break;
  }
  return "[" + name + "] " + shortened(first_line(view(event.text)), longest_line);
}

}  // namespace

EventKind kind_of(const shoal_event& event) {
  if (view(event.job).starts_with(message_prefix)) return EventKind::message;
  if (event.from == event.to) return EventKind::notice;
  return event.to == SHOAL_CHECK_OK ? EventKind::recovery : EventKind::problem;
}

std::string_view status_name(std::uint32_t status) {
  constexpr std::array<std::string_view, 4> names{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  return status < names.size() ? names[status] : names[SHOAL_CHECK_UNKNOWN];
}

std::string_view colour_of(const shoal_event& event) {
  constexpr std::array<std::string_view, 4> colours{"good", "warning", "danger", "#8a5cb8"};
  if (kind_of(event) == EventKind::notice) return "#9aa0a6";
  return event.to < colours.size() ? colours[event.to] : colours[SHOAL_CHECK_UNKNOWN];
}

std::string_view name_of(const shoal_event& event) {
  const auto job = view(event.job);
  return job.substr(job.find(':') + 1);
}

std::string headline(const shoal_event& event, const Scene& scene) {
  auto name = escaped(name_of(event));
  const auto link = link_of(event, scene);
  if (!link.empty()) name = "<" + link + "|" + name + ">";
  return headline_about(event, name + " on " + escaped(scene.host));
}

std::string short_headline(const shoal_event& event) {
  return headline_about(event, escaped(name_of(event)));
}

std::string_view body_of(const shoal_event& event) {
  const auto kind = kind_of(event);
  const bool is_change = kind == EventKind::problem || kind == EventKind::recovery;
  return is_change ? view(event.text) : further_lines(view(event.text));
}

std::string since_words(const shoal_event& event) {
  const auto lasts = (event.time_ns - event.since_ns) / second_ns;
  const auto how_long = lasts > 0 ? " (" + common::duration_words(lasts) + ")" : "";
  return moment_words(event.since_ns / second_ns) + how_long;
}

std::string lasted_words(const shoal_event& event) {
  const auto lasted = lasted_seconds(event);
  if (!lasted) return {};
  return common::duration_words(*lasted) + ", since " + moment_words(*incident_start(event));
}

std::string lateness_words(const shoal_event& event, const Scene& scene) {
  const auto late = (scene.now_ns - event.time_ns) / second_ns;
  return late < late_after ? "" : "told " + common::duration_words(late) + " late";
}

std::string link_of(const shoal_event& event, const Scene& scene) {
  if (scene.link.empty() || kind_of(event) == EventKind::message) {
    return safe_url(label_of(event, "url"));
  }
  auto url = scene.link;
  replace_all(url, "{host}", common::percent_encoded(scene.host));
  replace_all(url, "{check}", common::percent_encoded(name_of(event)));
  return safe_url(url);
}

}  // namespace shoal::slack
