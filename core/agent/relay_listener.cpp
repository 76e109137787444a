#include "agent/relay_listener.h"

#include <fmt/core.h>

#include "agent/version.h"
#include "base/error.h"
#include "base/log.h"

namespace shoal::agent {
namespace {

http::ServerSettings server_settings() {
  return {.most_connections = 64,
          .longest_body = std::size_t{256} << 10,
          .keeps_alive = true,
          .name = fmt::format("shoal/{}", version)};
}

}  // namespace

RelayListener::RelayListener(EventLoop& loop, const Clock& clock, relay::Relay::Keep keep)
    : loop_(loop), clock_(clock), keep_(std::move(keep)) {}

RelayListener::~RelayListener() = default;

void RelayListener::prepare(const std::optional<config::RelaySettings>& next) {
  next_.reset();
  Next made{.settings = next};
  const bool moves = next && (server_ == nullptr || server_->address() != next->listen);
  if (moves) made.server = listen(*next);
  next_ = std::move(made);
}

std::unique_ptr<http::Server> RelayListener::listen(const config::RelaySettings& settings) try {
  if (relay_ == nullptr) relay_ = std::make_unique<relay::Relay>(settings, clock_, keep_);
  if (!settings.listen.is_local()) {
    log::warning("{}: relay: {} can be reached by other hosts; whoever can may post",
                 to_text(settings.where), to_text(settings.listen));
  }
  return std::make_unique<http::Server>(
      loop_, settings.listen, server_settings(),
      [relay = relay_.get()](const http::Request& request) { return relay->answer(request); });
} catch (const Error& error) {
  throw Error(fmt::format("{}: relay.listen: {}", to_text(settings.where), error.what()));
}

void RelayListener::apply() {
  if (!next_) return;
  if (next_->settings) relay_->configure(*next_->settings);
  if (next_->server != nullptr || !next_->settings) server_ = std::move(next_->server);
  if (server_ != nullptr) server_->start();
  next_.reset();
}

void RelayListener::give_up() {
  next_.reset();
}

void RelayListener::stop() {
  next_.reset();
  server_.reset();
}

std::optional<control::RelayStatus> RelayListener::status() const {
  if (server_ == nullptr) return std::nullopt;
  const relay::Counts counts = relay_->counts();
  return control::RelayStatus{.address = to_text(server_->address()),
                              .taken = counts.taken,
                              .malformed = counts.malformed,
                              .unknown_tags = counts.unknown_tags,
                              .over_rate = counts.over_rate,
                              .not_kept = counts.not_kept};
}

}  // namespace shoal::agent
