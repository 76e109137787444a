// The relay: answers what slackboard's clients ask over HTTP. A message becomes an event
// "notify:TAG" that is on disk before it is answered; from there it goes the way of all events. It
// knows neither sockets nor the queue. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/settings.h"
#include "http/server.h"
#include "record/record.h"
#include "relay/message.h"

namespace shoal::relay {

// What became of a message that was to be kept.
enum class Kept : std::uint8_t {
  durable,
  no_output,   // no output that keeps what it is given takes this event
  no_room,     // an output that takes it is too far behind
  not_durable  // the disk does not take it
};

struct Counts {
  std::uint64_t taken = 0;      // requests that were answered with 200
  std::uint64_t malformed = 0;  // requests that were refused: 400
  std::uint64_t unknown_tags = 0;
  std::uint64_t over_rate = 0;  // 429
  std::uint64_t not_kept = 0;   // 503
};

// The label of an event under which a webhook's JSON travels.
inline constexpr std::string_view payload_label = "slack_payload";

class Relay {
 public:
  // Returns when the events are on disk, all or none.
  using Keep = std::function<Kept(std::vector<record::Event> events)>;

  Relay(const config::RelaySettings& settings, const Clock& clock, Keep keep);
  ~Relay();

  // Other tags, another rate; requests in progress end with the old ones.
  void configure(const config::RelaySettings& settings);

  http::Answer answer(const http::Request& request);
  Counts counts() const;

 private:
  struct Rules;

  std::shared_ptr<const Rules> rules() const;
  http::Answer notify(const http::Request& request, bool is_direct);
  http::Answer keep(std::vector<Message> messages);
  record::Event event_of(Message message);

  const Clock& clock_;
  const Keep keep_;
  const std::string id_prefix_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Rules> rules_;  // under the mutex
  std::atomic<std::uint64_t> next_id_ = 0;
  std::atomic<std::uint64_t> taken_ = 0;
  std::atomic<std::uint64_t> malformed_ = 0;
  std::atomic<std::uint64_t> unknown_tags_ = 0;
  std::atomic<std::uint64_t> over_rate_ = 0;
  std::atomic<std::uint64_t> not_kept_ = 0;
};

}  // namespace shoal::relay
