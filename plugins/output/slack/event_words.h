// One event in words. Pure functions; what they give is escaped unless it says "raw".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <shoal/records.h>

namespace shoal::slack {

// What all events of an offer have in common.
struct Scene {
  std::string host;         // this host's name
  std::string link;         // a template with {host} and {check}, or empty
  std::int64_t now_ns = 0;  // Unix time
};

enum class EventKind : std::uint8_t {
  problem,   // a change to something else than OK
  recovery,  // a change to OK
  notice,    // still so, acknowledged, flapping: the first line of its text says which
  message    // of a person or script: job "notify:TAG"
};
EventKind kind_of(const shoal_event& event);

std::string_view status_name(std::uint32_t status);
// As Slack takes it. Notices are grey.
std::string_view colour_of(const shoal_event& event);

// "web" of "check:web", "ops" of "notify:ops". Raw.
std::string_view name_of(const shoal_event& event);

// "CRITICAL: web on host.example (was WARNING)", with a link on the check if there is one.
std::string headline(const shoal_event& event, const Scene& scene);
// The same without host and link.
std::string short_headline(const shoal_event& event);
// The text that goes with it: all of it, for notices what is not in the headline. Raw.
std::string_view body_of(const shoal_event& event);

// "2026-11-22 04:48:10 UTC (2m 10s)".
std::string since_words(const shoal_event& event);
// "2h 10m, since 2026-11-22 02:38:10 UTC": how long the incident of a recovery lasted, by its
// dedupe key. Empty if that does not say.
std::string lasted_words(const shoal_event& event);
// "told 14m late", or empty.
std::string lateness_words(const shoal_event& event, const Scene& scene);

// Where to read more, fit for "<URL|label>": by the scene's template, else the link "url" of the
// event, else empty.
std::string link_of(const shoal_event& event, const Scene& scene);

}  // namespace shoal::slack
