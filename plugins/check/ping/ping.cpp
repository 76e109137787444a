#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/resolver.h"
#include "common/random.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "icmp_socket.h"

SHOAL_MANIFEST(R"({
  "id": "ping",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether a host answers ICMP echoes, and how long it takes",
  "options": {
    "host": {"type": "string", "required": true, "pattern": ".", "description": "name or address, IPv4 or IPv6"},
    "count": {"type": "integer", "default": 1, "minimum": 1, "maximum": 100, "description": "how many echoes a round sends, one after the other"},
    "wait_time": {"type": "integer", "x-unit": "duration", "default": "1s", "minimum": "1ms", "description": "how long a reply is waited for"},
    "warning": {"type": "string", "format": "threshold", "description": "over this many seconds on the average: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "description": "over this many seconds on the average: CRITICAL; or a range"},
    "warning_loss": {"type": "string", "format": "threshold", "description": "over this many percent without reply: WARNING; or a range"},
    "critical_loss": {"type": "string", "format": "threshold", "description": "over this many percent without reply: CRITICAL; or a range"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "error_status": {"type": "string", "enum": ["warning", "critical"], "default": "critical", "description": "what no reply at all, or a name without address, is"}
  },
  "series": [
    {"name": "ping.*.seconds", "kind": "gauge", "unit": "seconds", "description": "from an echo to its reply, on the average"},
    {"name": "ping.*.loss", "kind": "gauge", "unit": "percentage", "description": "echoes without reply"}
  ]
})");

namespace {

using shoal::common::Deadline;
using shoal::common::Plain;
using shoal::common::Thresholds;
using shoal::ping::Echo;
using shoal::ping::IcmpSocket;
using shoal::ping::Outcome;
using shoal::ping::Trip;

// Unlike that of any other echo on its way.
Echo new_echo() {
  return {.id = shoal::common::random_number<std::uint16_t>(),
          .sequence = 0,
          .payload = shoal::common::random_bytes(16)};
}

// What one round came to.
struct Tally {
  int sent = 0;
  int replied = 0;
  std::chrono::duration<double> time{};  // of all replies together
  Trip last_failure;

  void add(const Trip& trip) {
    ++sent;
    if (trip.outcome == Outcome::replied) {
      ++replied;
      time += trip.time;
    } else {
      last_failure = trip;
    }
  }
  double seconds() const { return time.count() / replied; }
  double loss() const { return 100.0 * (sent - replied) / sent; }
};

std::string words_of(double seconds) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6f s", seconds);
  return text.data();
}

class Ping : public shoal::Check {
 public:
  explicit Ping(shoal::Context& context)
      : host_(context.options().text("/host")),
        resolver_(host_, 0),
        count_(context.options().integer("/count", 1)),
        wait_time_(context.options().integer("/wait_time", 1000)),
        thresholds_(shoal::common::threshold_options(context.options(), Plain::over)),
        loss_thresholds_{
            shoal::common::threshold_option(context.options(), "warning_loss", Plain::over),
            shoal::common::threshold_option(context.options(), "critical_loss", Plain::over)},
        timeout_(context.options().integer("/timeout", 10'000)),
        error_status_(shoal::common::status_option(context.options(), "error_status", "critical")),
        seconds_(
            context.gauge(shoal::common::check_prefix("ping", context) + ".seconds", "seconds")),
        loss_(context.gauge(shoal::common::check_prefix("ping", context) + ".loss", "percentage")) {
  }

  shoal::CheckVerdict check(shoal::Round& round) override {
    const Deadline deadline(round, timeout_);
    std::string fault;
    const auto addresses = resolver_.resolve(deadline, fault);
    if (addresses.empty()) return {error_status_, host_ + ": " + fault};

    Trip failed;
    std::unique_ptr<IcmpSocket> socket;
    std::string name;
    for (auto it = addresses.begin(); it != addresses.end() && !socket; ++it) {
      socket = shoal::ping::open_icmp(*it, failed);
      name = name_of(*it);
    }
    if (!socket) return unanswered(name, failed);
    return judge(round, name, send_echoes(*socket, deadline));
  }

 private:
  std::string name_of(const shoal::common::Address& address) const {
    const auto number = shoal::common::numeric_host(address);
    return number == host_ ? host_ : host_ + " (" + number + ")";
  }

  Tally send_echoes(const IcmpSocket& socket, const Deadline& deadline) const {
    Tally tally;
    auto echo = new_echo();
    do {
      ++echo.sequence;
      tally.add(socket.exchange(echo, std::min(wait_time_, deadline.left()), deadline));
      // One that could not be waited for to the end would count as lost.
    } while (tally.last_failure.outcome != Outcome::impossible && tally.sent < count_ &&
             deadline.left() >= wait_time_);
    return tally;
  }

  shoal::CheckVerdict judge(shoal::Round& round, const std::string& name,
                            const Tally& tally) const {
    if (tally.last_failure.outcome == Outcome::impossible) {
      return unanswered(name, tally.last_failure);
    }
    round.emit(loss_, tally.loss());
    if (tally.replied == 0) return unanswered(name, tally.last_failure);
    round.emit(seconds_, tally.seconds());
    const auto status = shoal::common::worse_of(thresholds_.status_of(tally.seconds()),
                                                loss_thresholds_.status_of(tally.loss()));
    return {status, name + " answers in " + words_of(tally.seconds()) + ", " +
                        std::to_string(tally.sent - tally.replied) + " of " +
                        std::to_string(tally.sent) + " lost"};
  }

  shoal::CheckVerdict unanswered(const std::string& name, const Trip& trip) const {
    const std::uint32_t status =
        trip.outcome == Outcome::impossible ? std::uint32_t{SHOAL_CHECK_UNKNOWN} : error_status_;
    return {status, name + ": " + (trip.fault.empty() ? "no reply" : trip.fault)};
  }

  std::string host_;
  shoal::common::Resolver resolver_;
  std::int64_t count_;
  std::chrono::milliseconds wait_time_;
  Thresholds thresholds_;
  Thresholds loss_thresholds_;
  std::chrono::milliseconds timeout_;
  std::uint32_t error_status_;
  shoal::Series seconds_;
  shoal::Series loss_;
};

}  // namespace

SHOAL_PLUGIN(Ping);
