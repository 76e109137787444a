// The relay as the agent has it: it listens where the present configuration says, and moves over at
// a reload; a request that is cut off by that gets no answer, so that it is asked again. Loop
// thread only.
#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/event_loop.h"
#include "config/settings.h"
#include "control/status.h"
#include "http/server.h"
#include "relay/relay.h"

namespace shoal::agent {

class RelayListener {
 public:
  // `keep` is called on the connections' threads.
  RelayListener(EventLoop& loop, const Clock& clock, relay::Relay::Keep keep);
  ~RelayListener();

  // Listens where `next` says if nobody does yet; who connects waits for apply(), and the present
  // listener goes on. Throws Error when it cannot.
  void prepare(const std::optional<config::RelaySettings>& next);
  // Takes up what was prepared, or gives it up again.
  void apply();
  void give_up();

  // Ends what listens; requests that came are answered.
  void stop();

  std::optional<control::RelayStatus> status() const;

 private:
  struct Next {
    std::optional<config::RelaySettings> settings;
    std::unique_ptr<http::Server> server;  // null: the present one goes on, if one is wanted
  };

  std::unique_ptr<http::Server> listen(const config::RelaySettings& settings);

  EventLoop& loop_;
  const Clock& clock_;
  const relay::Relay::Keep keep_;
  std::unique_ptr<relay::Relay> relay_;  // from the first use on
  std::unique_ptr<http::Server> server_;
  std::optional<Next> next_;
};

}  // namespace shoal::agent
