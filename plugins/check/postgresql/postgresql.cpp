#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/net/readable_file.h"
#include "common/net/system_roots.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "common/words.h"
#include "session.h"

SHOAL_MANIFEST(R"({
  "id": "postgresql",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "how many connections of a PostgreSQL server are used, or a number that a query gives",
  "options": {
    "host": {"type": "string", "default": "localhost", "pattern": ".", "description": "name or address"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535, "default": 5432, "description": "also a part of the unix socket's name"},
    "socket": {"type": "string", "default": "", "pattern": "^/|^$", "description": "the unix socket or its directory, in place of host"},
    "user": {"type": "string", "required": true, "pattern": ".", "x-example": "monitor", "description": "role to log in as"},
    "password": {"type": "string", "default": "", "x-secret": true, "description": "of the role"},
    "database": {"type": "string", "default": "postgres", "pattern": ".", "description": "to connect to"},
    "sslmode": {"type": "string", "enum": ["auto", "disable", "prefer", "require", "verify-ca", "verify-full"], "default": "auto", "description": "as libpq has it; auto: verify-full, but prefer on this host"},
    "ca_file": {"type": "string", "default": "", "description": "PEM file of trusted roots; empty: the system's; with one, require is verify-ca"},
    "mode": {"type": "string", "enum": ["connection", "query"], "default": "connection", "description": "what is judged"},
    "query": {"type": "string", "default": "", "description": "mode query: a SELECT that gives one number"},
    "warning": {"type": "string", "format": "threshold", "description": "over this number: WARNING; or a range; mode connection: 70"},
    "critical": {"type": "string", "format": "threshold", "description": "over this number: CRITICAL; or a range; mode connection: 90"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "5s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "error_status": {"type": "string", "enum": ["warning", "critical"], "default": "critical", "description": "what no connection is"}
  },
  "series": [
    {"name": "postgresql.*.connections", "kind": "gauge", "unit": "integer", "description": "mode connection: used, this check's own included"},
    {"name": "postgresql.*.connections_percentage", "kind": "gauge", "unit": "percentage", "description": "mode connection: of max_connections"},
    {"name": "postgresql.*.value", "kind": "gauge", "unit": "float", "description": "mode query: what the query gives"}
  ]
})");

namespace {

using shoal::Failure;
using shoal::common::Deadline;
using shoal::common::plain_number;
using shoal::common::quoted;
using shoal::common::Result;
using shoal::common::Threshold;
using shoal::postgresql::Answer;
using shoal::postgresql::Settings;

constexpr const char* connections_query =
    "SELECT sum(numbackends), current_setting('max_connections') FROM pg_stat_database";

Settings settings_option(const shoal::Options& options) {
  const auto place = shoal::postgresql::socket_place(
      options.text("/socket"), std::to_string(options.integer("/port", 5432)));
  const auto ca_file = shoal::common::ca_file_option(options);
  return {options.text("/host", "localhost"),
          place.port,
          place.directory,
          options.text("/user"),
          options.text("/password"),
          options.text("/database", "postgres"),
          options.text("/sslmode", "auto"),
          ca_file,
          !ca_file.empty()};
}

std::string socket_file(const Settings& settings) {
  if (settings.directory.empty()) return {};
  return settings.directory + "/.s.PGSQL." + settings.port;
}

shoal::common::Thresholds thresholds_option(const shoal::Options& options, bool is_query) {
  auto thresholds = shoal::common::threshold_options(options, shoal::common::Plain::over);
  if (is_query) return thresholds;
  const auto over = [](const char* text) {
    return Threshold::parse(text, shoal::common::Plain::over);
  };
  if (!thresholds.warning) thresholds.warning = over("70");
  if (!thresholds.critical) thresholds.critical = over("90");
  return thresholds;
}

class Postgresql : public shoal::Check {
 public:
  explicit Postgresql(shoal::Context& context)
      : settings_(settings_option(context.options())),
        endpoint_(settings_.host, context.options().integer("/port", 5432), socket_file(settings_)),
        query_(context.options().text("/query")),
        is_query_(context.options().text("/mode") == "query"),
        thresholds_(thresholds_option(context.options(), is_query_)),
        timeout_(context.options().integer("/timeout", 5'000)),
        error_status_(shoal::common::status_option(context.options(), "error_status", "critical")) {
    expect_sense();
    const auto prefix = shoal::common::check_prefix("postgresql", context);
    if (is_query_) {
      value_ = context.gauge(prefix + ".value", "float");
    } else {
      connections_ = context.gauge(prefix + ".connections", "integer");
      connections_percentage_ = context.gauge(prefix + ".connections_percentage", "percentage");
    }
  }

  shoal::CheckVerdict check(shoal::Round& round) override {
    const Deadline deadline(round, timeout_);
    if (!settings_.is_ca_given) settings_.ca_file = shoal::common::system_ca_file();
    shoal::postgresql::Session session;
    const auto addresses = endpoint_.addresses(deadline);
    if (addresses.empty()) return failed(Result::broken, endpoint_.fault());
    const auto opened = session.open(settings_, addresses, deadline);
    if (opened != Result::good) return failed(opened, session.fault());

    const auto answer = session.ask(is_query_ ? query_ : connections_query, deadline);
    if (answer.result != Result::good) return failed(answer.result, answer.fault);
    return is_query_ ? judge_value(answer, round) : judge_connections(answer, round);
  }

 private:
  void expect_sense() const {
    if (is_query_ == query_.empty()) {
      throw Failure(is_query_ ? "option query: expected a SELECT, found none"
                              : "option query: expected none, for mode is \"connection\"",
                    SHOAL_CONFIG);
    }
    // The one thing of libpq's surroundings that no connection string can overrule.
    if (std::getenv("PGSERVICE") != nullptr) {
      throw Failure("environment: expected no PGSERVICE, found one", SHOAL_CONFIG);
    }
  }

  shoal::CheckVerdict failed(Result result, const std::string& fault) const {
    return shoal::common::failure_at(endpoint_, result, fault, error_status_);
  }

  shoal::CheckVerdict judge_connections(const Answer& answer, shoal::Round& round) const {
    const auto used = answer.row.size() == 2 ? plain_number(answer.row[0]) : std::nullopt;
    const auto most = answer.row.size() == 2 ? plain_number(answer.row[1]) : std::nullopt;
    if (!used || !most || *most <= 0) {
      return failed(Result::broken, "expected two numbers, got " + quoted(answer.row.front()));
    }
    round.emit(connections_, *used);
    round.emit(connections_percentage_, *used / *most * 100);
    return {thresholds_.status_of(*used),
            endpoint_.name() + ": " + answer.row[0] + " of " + answer.row[1] + " connections used"};
  }

  shoal::CheckVerdict judge_value(const Answer& answer, shoal::Round& round) const {
    if (answer.row.size() != 1) {
      return failed(Result::impossible,
                    "expected one column, the query gives " + std::to_string(answer.row.size()));
    }
    const auto value = plain_number(answer.row[0]);
    if (!value) {
      return failed(Result::impossible,
                    "expected a number, the query gives " + quoted(answer.row[0]));
    }
    round.emit(value_, *value);
    return {thresholds_.status_of(*value), endpoint_.name() + ": the query gives " + answer.row[0]};
  }

  Settings settings_;
  shoal::common::Endpoint endpoint_;
  std::string query_;
  bool is_query_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  std::uint32_t error_status_;
  shoal::Series connections_;
  shoal::Series connections_percentage_;
  shoal::Series value_;
};

}  // namespace

SHOAL_PLUGIN(Postgresql);
