#include "relay/relay.h"

#include <random>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "relay/own_state.h"
#include "relay/rate_limit.h"

namespace shoal::relay {
namespace {

constexpr auto json_type = "application/json; charset=utf8";

http::Answer said(int status, std::string_view message) {
  return {.status = status,
          .content_type = json_type,
          .body = nlohmann::json{{"message", message}}.dump(
              -1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

http::Answer later(int status, std::string_view message, int seconds) {
  http::Answer answer = said(status, message);
  answer.headers.emplace_back("Retry-After", std::to_string(seconds));
  return answer;
}

// So that ids of one run are none of another's.
std::string random_prefix() {
  std::random_device device;
  const std::uint64_t high = device();
  return fmt::format("notify-{:016x}", high << 32 | device());
}

}  // namespace

struct Relay::Rules {
  config::RelaySettings settings;
  std::shared_ptr<RateLimit> limit;
};

Relay::Relay(const config::RelaySettings& settings, const Clock& clock, Keep keep)
    : clock_(clock), keep_(std::move(keep)), id_prefix_(random_prefix()) {
  configure(settings);
}

Relay::~Relay() = default;

void Relay::configure(const config::RelaySettings& settings) {
  const std::lock_guard lock(mutex_);
  // A reload is no second's worth of messages more.
  auto limit = rules_ != nullptr && rules_->settings.rate == settings.rate
                   ? rules_->limit
                   : std::make_shared<RateLimit>(clock_, settings.rate);
  rules_ = std::make_shared<const Rules>(Rules{settings, std::move(limit)});
}

std::shared_ptr<const Relay::Rules> Relay::rules() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

http::Answer Relay::answer(const http::Request& request) {
  if (request.path == "/notify") return notify(request, false);
  if (request.path == "/notify-directly") return notify(request, true);
  if (request.path == "/stat/go") return {.content_type = json_type, .body = runtime_json(clock_)};
  if (request.path == "/config/app" || request.path == "/app/config") {
    return {.content_type = "text/plain; charset=utf8", .body = to_toml(rules()->settings)};
  }
  return {.status = 404,
          .content_type = "text/plain; charset=utf-8",
          .body =
              "404 page not found: expected /notify, /notify-directly, /stat/go or "
              "/config/app\n"};
}

http::Answer Relay::notify(const http::Request& request, bool is_direct) {
  if (request.method != "POST" || request.is_too_long) {
    ++malformed_;
    return said(400, request.is_too_long
                         ? "Request-body is malformed: expected at most 256 KiB, found more"
                         : "invalid method: expected POST");
  }
  const auto rules = this->rules();
  auto reading = is_direct ? read_notify_directly(request.body)
                           : read_notify(request.body, rules->settings.tags);
  if (const auto* refusal = std::get_if<Refusal>(&reading)) {
    ++(refusal->is_unknown_tag ? unknown_tags_ : malformed_);
    return said(400, refusal->reason);
  }
  if (!rules->limit->take()) {
    ++over_rate_;
    return later(429, fmt::format("more than {} messages a second", rules->settings.rate), 1);
  }
  return keep(std::move(std::get<std::vector<Message>>(reading)));
}

http::Answer Relay::keep(std::vector<Message> messages) {
  const std::string job = messages.front().job;
  std::vector<record::Event> events;
  for (Message& message : messages) events.push_back(event_of(std::move(message)));
  const Kept kept = keep_(std::move(events));
  ++(kept == Kept::durable ? taken_ : not_kept_);
  switch (kept) {
    case Kept::durable:
      return said(200, "ok");
    case Kept::no_output:
      return said(503, fmt::format("no durable output takes event:{}: see match", job));
    case Kept::no_room:
      return later(503, fmt::format("an output that takes event:{} is too far behind", job), 60);
    case Kept::not_durable:
      break;
  }
  return later(503, "the message cannot be kept: the disk does not take it", 10);
}

record::Event Relay::event_of(Message message) {
  const WallTime now = clock_.wall();
  std::string id = fmt::format("{}-{}", id_prefix_, ++next_id_);
  return {.id = id,
          .job = std::move(message.job),
          .time = now,
          .from = message.status,
          .to = message.status,
          .since = now,
          .text = std::move(message.text),
          .dedupe_key = std::move(id),
          .links = {{std::string(payload_label), std::move(message.payload)}}};
}

Counts Relay::counts() const {
  return {.taken = taken_,
          .malformed = malformed_,
          .unknown_tags = unknown_tags_,
          .over_rate = over_rate_,
          .not_kept = not_kept_};
}

}  // namespace shoal::relay
