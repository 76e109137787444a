#include <chrono>
#include <string>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "common/words.h"
#include "dialogue.h"

SHOAL_MANIFEST(R"({
  "id": "memcached",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether memcached gives back what was just stored in it",
  "options": {
    "key": {"type": "string", "required": true, "pattern": "^[!-~]{1,250}$", "x-example": "shoal", "description": "what to set and get; of this check alone"},
    "host": {"type": "string", "default": "localhost", "pattern": ".", "description": "name or address"},
    "port": {"type": "integer", "default": 11211, "minimum": 1, "maximum": 65535, "description": "of the server"},
    "socket": {"type": "string", "default": "", "pattern": "^/|^$", "description": "a unix socket in place of host and port"},
    "warning": {"type": "string", "format": "threshold", "description": "over this many seconds in all: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "description": "over this many seconds: CRITICAL; or a range"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "3s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "error_status": {"type": "string", "enum": ["warning", "critical"], "default": "critical", "description": "what no connection or a wrong answer is"}
  },
  "series": [
    {"name": "memcached.*.seconds", "kind": "gauge", "unit": "seconds", "description": "from looking up the name to the value"}
  ]
})");

namespace {

using shoal::common::Connection;
using shoal::common::Deadline;
using shoal::common::Result;
using shoal::memcached::Dialogue;

class Memcached : public shoal::Check {
 public:
  explicit Memcached(shoal::Context& context)
      : endpoint_(context.options(), 11211),
        key_(context.options().text("/key")),
        thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::over)),
        timeout_(context.options().integer("/timeout", 3'000)),
        error_status_(shoal::common::status_option(context.options(), "error_status", "critical")),
        seconds_(context.gauge(shoal::common::check_prefix("memcached", context) + ".seconds",
                               "seconds")) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto began = Deadline::Clock::now();
    const Deadline deadline(round, timeout_);
    Connection connection;
    auto result = endpoint_.open(connection, deadline);
    if (result != Result::good) {
      return failure_at(endpoint_, result, endpoint_.fault(), error_status_);
    }

    // Another one each round, so that an old value is no answer; gone before the next round.
    constexpr int expires_s = 10;
    const auto value = "shoal-" + std::to_string(began.time_since_epoch().count());
    Dialogue dialogue(connection, deadline);
    result = dialogue.set(key_, value, expires_s);
    if (result == Result::good) result = dialogue.expect(key_, value);
    if (result != Result::good) {
      return failure_at(endpoint_, result, dialogue.fault(), error_status_);
    }

    const double seconds = std::chrono::duration<double>(Deadline::Clock::now() - began).count();
    round.emit(seconds_, seconds);
    return {thresholds_.status_of(seconds), endpoint_.name() + ": set and got \"" + key_ +
                                                "\" in " + shoal::common::seconds_words(seconds)};
  }

 private:
  shoal::common::Endpoint endpoint_;
  std::string key_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  std::uint32_t error_status_;
  shoal::Series seconds_;
};

}  // namespace

SHOAL_PLUGIN(Memcached);
