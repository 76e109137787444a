#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/pattern.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "common/words.h"

SHOAL_MANIFEST(R"({
  "id": "tcp",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether a TCP port or unix socket takes connections, and answers as expected",
  "options": {
    "host": {"type": "string", "default": "localhost", "pattern": ".", "description": "name or address"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535, "description": "required unless service or socket is given"},
    "socket": {"type": "string", "default": "", "pattern": "^/|^$", "description": "a unix socket in place of host and port"},
    "service": {"type": "string", "default": "", "enum": ["", "ftp", "imap", "pop", "smtp", "ssh"], "description": "port, expect and quit of a known service; they may be given all the same"},
    "send": {"type": "string", "default": "", "description": "what to say first"},
    "expect": {"type": "string", "format": "regex", "description": "wait until this regular expression is found in what comes back"},
    "quit": {"type": "string", "description": "what to say at the end"},
    "append_crlf": {"type": "boolean", "default": true, "description": "end send and quit with CRLF unless they end with a line end"},
    "max_bytes": {"type": "integer", "x-unit": "bytes", "default": "64KiB", "minimum": 1, "maximum": "1MiB", "description": "look at no more than this of what comes back"},
    "warning": {"type": "string", "format": "threshold", "description": "over this many seconds in all: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "description": "over this many seconds: CRITICAL; or a range"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "error_status": {"type": "string", "enum": ["warning", "critical"], "default": "critical", "description": "what no connection or a wrong answer is"},
    "expect_closed": {"type": "boolean", "default": false, "description": "be OK when nobody takes the connection"}
  },
  "series": [
    {"name": "tcp.*.seconds", "kind": "gauge", "unit": "seconds", "description": "from looking up the name to the expected answer"}
  ]
})");

namespace {

using shoal::common::Connection;
using shoal::common::Deadline;
using shoal::common::quoted;
using shoal::common::Result;

struct Service {
  std::string_view name;
  std::int64_t port;
  const char* expect;
  const char* quit;
};
constexpr std::array<Service, 6> services{{{"", 0, "", ""},
                                           {"ftp", 21, "^220", "QUIT"},
                                           {"imap", 143, "^\\* OK", "a1 LOGOUT"},
                                           {"pop", 110, "^\\+OK", "QUIT"},
                                           {"smtp", 25, "^220", "QUIT"},
                                           {"ssh", 22, "^SSH-", ""}}};

const Service& service_option(const shoal::Options& options) {
  const auto name = options.text("/service");
  const auto* const found = std::find_if(services.begin(), services.end(),
                                         [&](const auto& service) { return service.name == name; });
  return found == services.end() ? services.front() : *found;
}

std::string line_option(const shoal::Options& options, const char* name, const char* fallback) {
  auto line = options.text(name, fallback);
  const bool is_ended = line.empty() || line.back() == '\n';
  return is_ended || !options.boolean("/append_crlf", true) ? line : line + "\r\n";
}

std::optional<shoal::common::Pattern> expect_option(const shoal::Options& options,
                                                    const char* fallback) {
  const auto text = options.text("/expect", fallback);
  if (text.empty()) return std::nullopt;
  return shoal::common::Pattern("expect", text);
}

class Tcp : public shoal::Check {
 public:
  explicit Tcp(shoal::Context& context) : Tcp(context, service_option(context.options())) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto began = Deadline::Clock::now();
    const Deadline deadline(round, timeout_);
    Connection connection;
    const auto opened = endpoint_.open(connection, deadline);
    if (is_closed_expected_) return judge_closed(opened);
    if (opened != Result::good) {
      return failure_at(endpoint_, opened, endpoint_.fault(), error_status_);
    }

    const auto verdict = converse(connection, deadline);
    if (verdict) return *verdict;
    const double seconds = std::chrono::duration<double>(Deadline::Clock::now() - began).count();
    round.emit(seconds_, seconds);
    say_goodbye(connection, deadline);
    return {thresholds_.status_of(seconds), words_of(seconds, connection)};
  }

 private:
  Tcp(shoal::Context& context, const Service& service)
      : endpoint_(context.options(), service.port),
        send_(line_option(context.options(), "/send", "")),
        expect_(expect_option(context.options(), service.expect)),
        expect_text_(context.options().text("/expect", service.expect)),
        quit_(line_option(context.options(), "/quit", service.quit)),
        most_bytes_(static_cast<std::size_t>(context.options().integer("/max_bytes", 65'536))),
        thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::over)),
        timeout_(context.options().integer("/timeout", 10'000)),
        error_status_(shoal::common::status_option(context.options(), "error_status", "critical")),
        is_closed_expected_(context.options().boolean("/expect_closed")),
        seconds_(
            context.gauge(shoal::common::check_prefix("tcp", context) + ".seconds", "seconds")) {
    if (endpoint_.socket().empty() && endpoint_.port() == 0) {
      throw shoal::Failure("options: expected port, socket or service, found none", SHOAL_CONFIG);
    }
  }

  // The verdict if it went wrong.
  std::optional<shoal::CheckVerdict> converse(Connection& connection, const Deadline& deadline) {
    auto result = connection.send(send_, deadline);
    if (result == Result::good && expect_) {
      result =
          connection.receive([&](auto text) { return !text.empty() && expect_->found_in(text); },
                             most_bytes_, deadline);
      if (!expect_->found_in(connection.received())) return unexpected(connection, result);
    }
    if (result == Result::good) return std::nullopt;
    return failure_at(endpoint_, result, connection.fault(), error_status_);
  }

  shoal::CheckVerdict unexpected(const Connection& connection, Result result) const {
    auto text = endpoint_.name() + ": expected \"" + expect_text_ + "\", got " +
                (connection.received().empty() ? "nothing" : quoted(connection.received()));
    if (result != Result::good) text += "; " + connection.fault();
    return {error_status_, text};
  }

  // Only a refusal and silence say that nobody listens.
  shoal::CheckVerdict judge_closed(Result opened) const {
    if (opened == Result::good) return {error_status_, endpoint_.name() + " takes connections"};
    if (opened == Result::refused || opened == Result::timed_out) {
      return {SHOAL_CHECK_OK, endpoint_.name() + " is closed: " + endpoint_.fault()};
    }
    return {SHOAL_CHECK_UNKNOWN, endpoint_.name() + ": " + endpoint_.fault()};
  }

  void say_goodbye(Connection& connection, const Deadline& deadline) const {
    if (!deadline.has_passed()) connection.send(quit_, deadline);
  }

  std::string words_of(double seconds, const Connection& connection) const {
    auto words = endpoint_.name() + " answers in " + shoal::common::seconds_words(seconds);
    if (expect_) words += ": " + quoted(connection.received());
    return words;
  }

  shoal::common::Endpoint endpoint_;
  std::string send_;
  std::optional<shoal::common::Pattern> expect_;
  std::string expect_text_;
  std::string quit_;
  std::size_t most_bytes_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  std::uint32_t error_status_;
  bool is_closed_expected_;
  shoal::Series seconds_;
};

}  // namespace

SHOAL_PLUGIN(Tcp);
