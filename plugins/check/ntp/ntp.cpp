#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <shoal/plugin.hpp>

#include "chrony.h"
#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/random.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "control.h"
#include "dialogue.h"
#include "reading.h"
#include "sntp.h"

SHOAL_MANIFEST(R"({
  "id": "ntp",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "how far this host's clock is off, by NTP servers or by the daemon that keeps it",
  "options": {
    "servers": {"type": "array", "items": {"type": "string", "pattern": "."}, "default": [], "description": "NTP servers, names or addresses; the first that answers counts. None: chronyd or ntpd of this host"},
    "port": {"type": "integer", "default": 123, "minimum": 1, "maximum": 65535, "description": "of the servers and of ntpd"},
    "chrony_port": {"type": "integer", "default": 323, "minimum": 1, "maximum": 65535, "description": "of chronyd for commands"},
    "warning": {"type": "string", "format": "threshold", "default": "50", "description": "off by more than this many milliseconds: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "default": "100", "description": "off by more than this many milliseconds: CRITICAL; or a range"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "15s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "unsynchronized_status": {"type": "string", "enum": ["warning", "critical", "unknown"], "default": "unknown", "description": "what it is that whoever was asked does not know the time"},
    "error_status": {"type": "string", "enum": ["warning", "critical", "unknown"], "default": "unknown", "description": "what it is that nobody answers"}
  },
  "series": [
    {"name": "ntp.*.offset", "kind": "gauge", "unit": "seconds", "description": "how far this clock is behind; under 0 it is ahead"},
    {"name": "ntp.*.stratum", "kind": "gauge", "unit": "integer", "description": "of whoever was asked"}
  ]
})");

namespace {

using shoal::common::Address;
using shoal::common::Deadline;
using shoal::common::Endpoint;
using shoal::common::Plain;
using shoal::ntp::Dialogue;
using shoal::ntp::Reading;

shoal::common::Thresholds thresholds_option(const shoal::Options& options) {
  auto thresholds = shoal::common::threshold_options(options, Plain::over);
  if (!thresholds.warning) thresholds.warning = shoal::common::Threshold::parse("50", Plain::over);
  if (!thresholds.critical) {
    thresholds.critical = shoal::common::Threshold::parse("100", Plain::over);
  }
  return thresholds;
}

Reading nobody(std::string fault) {
  return {0, 0, false, std::move(fault)};
}

// Asks until `read` makes something of what comes back.
template <class Mark, class Request, class Read>
Reading ask(const Address& peer, const Deadline& deadline, Request request, Read read) {
  Mark mark = 0;
  std::optional<Reading> reading;
  const Dialogue dialogue{[&] {
                            mark = shoal::common::random_number<Mark>();
                            return request(mark);
                          },
                          [&](std::string_view datagram) {
                            reading = read(datagram, mark);
                            return reading.has_value();
                          }};
  std::string fault;
  if (!shoal::ntp::converse(peer, dialogue, deadline, fault)) return nobody(fault);
  return *reading;
}

Reading ask_server(const Address& peer, const Deadline& deadline) {
  shoal::ntp::Timestamp sent = 0;
  return ask<shoal::ntp::Timestamp>(
      peer, deadline,
      [&](auto mark) {
        auto request = shoal::ntp::sntp_request(mark);
        sent = shoal::ntp::ntp_now();
        return request;
      },
      [&](auto datagram, auto mark) {
        return shoal::ntp::read_sntp(datagram, mark, sent, shoal::ntp::ntp_now());
      });
}

Reading ask_chronyd(const Address& peer, const Deadline& deadline) {
  return ask<std::uint32_t>(peer, deadline, &shoal::ntp::tracking_request,
                            &shoal::ntp::read_tracking);
}

Reading ask_ntpd(const Address& peer, const Deadline& deadline) {
  return ask<std::uint16_t>(peer, deadline, &shoal::ntp::variables_request,
                            &shoal::ntp::read_variables);
}

// Somebody to ask, and how.
struct Source {
  std::string title;  // goes before its name
  std::unique_ptr<Endpoint> endpoint;
  Reading (*ask)(const Address&, const Deadline&);
};

std::vector<Source> sources_option(const shoal::Options& options) {
  const auto port = options.integer("/port", 123);
  const auto local = [](const char* title, std::int64_t at, auto how) {
    return Source{title, std::make_unique<Endpoint>("127.0.0.1", at), how};
  };
  std::vector<Source> sources;
  for (const auto& server : options.texts("/servers")) {
    sources.push_back({"", std::make_unique<Endpoint>(server, port), &ask_server});
  }
  if (!sources.empty()) return sources;
  sources.push_back(local("chronyd at ", options.integer("/chrony_port", 323), &ask_chronyd));
  sources.push_back(local("ntpd at ", port, &ask_ntpd));
  return sources;
}

constexpr double milliseconds = 1000;

std::string words_of(double offset) {
  std::array<char, 400> text{};  // the largest number has 309 digits
  std::snprintf(text.data(), text.size(), "%+.3f ms", offset * milliseconds);
  return text.data();
}

class Ntp : public shoal::Check {
 public:
  explicit Ntp(shoal::Context& context)
      : sources_(sources_option(context.options())),
        thresholds_(thresholds_option(context.options())),
        timeout_(context.options().integer("/timeout", 15'000)),
        unsynchronized_status_(
            shoal::common::status_option(context.options(), "unsynchronized_status", "unknown")),
        error_status_(shoal::common::status_option(context.options(), "error_status", "unknown")),
        offset_(context.gauge(shoal::common::check_prefix("ntp", context) + ".offset", "seconds")),
        stratum_(
            context.gauge(shoal::common::check_prefix("ntp", context) + ".stratum", "integer")) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const Deadline deadline(round, timeout_);
    auto status = error_status_;
    std::string faults;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      const auto& source = sources_[i];
      const auto part = deadline.left() / static_cast<int>(sources_.size() - i);
      const auto reading = ask_source(round, source, part);
      const auto where = source.title + source.endpoint->name();
      if (reading.fault.empty()) return judge(round, reading, where);
      if (reading.is_unsynchronized) status = unsynchronized_status_;
      faults += (faults.empty() ? "" : "; ") + where + ": " + reading.fault;
      // The daemon that keeps the clock is there; nobody else does.
      if (reading.is_unsynchronized && !source.title.empty()) break;
    }
    return {status, faults};
  }

 private:
  // Each of its addresses, until one knows the time.
  static Reading ask_source(const shoal::Round& round, const Source& source,
                            std::chrono::milliseconds patience) {
    const Deadline deadline(round, patience);
    const auto addresses = source.endpoint->addresses(deadline);
    auto reading = nobody(source.endpoint->fault());
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      const auto part = deadline.left() / static_cast<int>(addresses.size() - i);
      reading = source.ask(addresses[i], Deadline(round, part));
      if (reading.fault.empty()) break;
    }
    return reading;
  }

  shoal::CheckVerdict judge(shoal::Round& round, const Reading& reading,
                            const std::string& where) const {
    round.emit(offset_, reading.offset);
    round.emit(stratum_, reading.stratum);
    const auto kind = reading.kind.empty() ? std::string() : " (" + std::string(reading.kind) + ")";
    return {thresholds_.status_of(std::abs(reading.offset) * milliseconds),
            "offset " + words_of(reading.offset) + kind + " by " + where + ", stratum " +
                std::to_string(reading.stratum)};
  }

  std::vector<Source> sources_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  std::uint32_t unsynchronized_status_;
  std::uint32_t error_status_;
  shoal::Series offset_;
  shoal::Series stratum_;
};

}  // namespace

SHOAL_PLUGIN(Ntp);
