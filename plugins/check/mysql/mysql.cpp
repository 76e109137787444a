#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>

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
#include "verdicts.h"

SHOAL_MANIFEST(R"({
  "id": "mysql",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "connections, replication, uptime or read_only of a MySQL or MariaDB server",
  "options": {
    "host": {"type": "string", "default": "localhost", "pattern": ".", "description": "name or address"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535, "default": 3306, "description": "of the server"},
    "socket": {"type": "string", "default": "", "pattern": "^/|^$", "description": "a unix socket in place of host and port"},
    "user": {"type": "string", "default": "root", "pattern": ".", "description": "to log in as"},
    "password": {"type": "string", "default": "", "x-secret": true, "description": "of the user"},
    "tls": {"type": "string", "enum": ["auto", "on", "off"], "default": "auto", "description": "auto: on, but off on this host"},
    "check_certificate": {"type": "boolean", "default": true, "description": "verify the server's certificate"},
    "ca_file": {"type": "string", "default": "", "description": "PEM file of trusted roots; empty: the system's"},
    "mode": {"type": "string", "enum": ["connection", "replication", "uptime", "readonly"], "default": "connection", "description": "what is judged"},
    "expected": {"type": "string", "enum": ["on", "off"], "description": "mode readonly: what read_only shall be; default on"},
    "skip_master": {"type": "boolean", "default": false, "description": "mode replication: a server that is no replica is OK, as the roles may change"},
    "warning": {"type": "string", "format": "threshold", "description": "over this many connections or seconds behind, under this many seconds of uptime: WARNING; or a range; default 200 but for uptime"},
    "critical": {"type": "string", "format": "threshold", "description": "the same: CRITICAL; default 250 but for uptime"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "error_status": {"type": "string", "enum": ["warning", "critical"], "default": "critical", "description": "what no connection is"}
  },
  "series": [
    {"name": "mysql.*.connections", "kind": "gauge", "unit": "integer", "description": "mode connection: Threads_connected, this check's own included"},
    {"name": "mysql.*.seconds_behind", "kind": "gauge", "unit": "seconds", "description": "mode replication: of the source that is furthest behind"},
    {"name": "mysql.*.uptime", "kind": "gauge", "unit": "seconds", "description": "mode uptime: since the server started"}
  ]
})");

namespace {

using shoal::Failure;
using shoal::common::Deadline;
using shoal::common::Result;
using shoal::mysql::Answer;
using shoal::mysql::Session;
using shoal::mysql::Settings;

Settings settings_option(const shoal::Options& options) {
  return {options.text("/host", "localhost"),
          static_cast<unsigned>(options.integer("/port", 3306)),
          options.text("/socket"),
          options.text("/user", "root"),
          options.text("/password"),
          options.text("/tls", "auto"),
          options.boolean("/check_certificate", true),
          shoal::common::ca_file_option(options)};
}

// Whatever belongs to another mode would be without effect.
void expect_fitting(const shoal::Options& options, const std::string& mode) {
  const auto refuse = [&](const char* option) {
    throw Failure(std::string("option ") + option + ": expected none, for mode is \"" + mode + "\"",
                  SHOAL_CONFIG);
  };
  if (mode != "readonly" && options.find_text("/expected")) refuse("expected");
  if (mode != "replication" && options.boolean("/skip_master")) refuse("skip_master");
  if (mode != "readonly") return;
  for (const auto* name : {"warning", "critical"}) {
    if (options.find_text(std::string("/") + name)) refuse(name);
  }
}

shoal::common::Thresholds thresholds_option(const shoal::Options& options,
                                            const std::string& mode) {
  using shoal::common::Plain;
  if (mode == "uptime") return shoal::common::threshold_options(options, Plain::under);
  auto thresholds = shoal::common::threshold_options(options, Plain::over);
  const auto over = [](const char* text) {
    return shoal::common::Threshold::parse(text, Plain::over);
  };
  if (!thresholds.warning) thresholds.warning = over("200");
  if (!thresholds.critical) thresholds.critical = over("250");
  return thresholds;
}

std::string whole(double number) {
  return std::to_string(static_cast<std::int64_t>(number));
}

class Mysql : public shoal::Check {
 public:
  explicit Mysql(shoal::Context& context)
      : settings_(settings_option(context.options())),
        endpoint_(context.options(), 3306),
        mode_(context.options().text("/mode", "connection")),
        expected_(context.options().text("/expected", "on") == "on" ? "ON" : "OFF"),
        is_master_fine_(context.options().boolean("/skip_master")),
        thresholds_(thresholds_option(context.options(), mode_)),
        timeout_(context.options().integer("/timeout", 10'000)),
        error_status_(shoal::common::status_option(context.options(), "error_status", "critical")) {
    expect_fitting(context.options(), mode_);
    // libmariadb would load what they name.
    for (const auto* name : {"LIBMYSQL_PLUGINS", "MARIADB_PLUGIN_DIR"}) {
      if (std::getenv(name) == nullptr) continue;
      throw Failure(std::string("environment: expected no ") + name + ", found one", SHOAL_CONFIG);
    }
    const auto prefix = shoal::common::check_prefix("mysql", context);
    if (mode_ == "connection") series_ = context.gauge(prefix + ".connections", "integer");
    if (mode_ == "replication") series_ = context.gauge(prefix + ".seconds_behind", "seconds");
    if (mode_ == "uptime") series_ = context.gauge(prefix + ".uptime", "seconds");
  }

  shoal::CheckVerdict check(shoal::Round& round) override {
    const Deadline deadline(round, timeout_);
    const auto addresses = endpoint_.addresses(deadline);
    if (addresses.empty()) return failed(Result::broken, endpoint_.fault());
    settings_.has_roots = !settings_.ca_file.empty() || shoal::common::has_system_roots();
    Session session;
    const auto opened = session.open(settings_, addresses, deadline);
    if (opened != Result::good) return failed(opened, session.fault());

    const auto answer = answer_of(session, deadline);
    session.close(deadline);
    if (answer.result != Result::good) return failed(answer.result, answer.fault);
    if (mode_ == "replication") return judge_replication(answer, round);
    return mode_ == "readonly" ? judge_readonly(answer) : judge_number(answer, round);
  }

 private:
  Answer answer_of(Session& session, const Deadline& deadline) const {
    if (mode_ == "connection") {
      return session.ask("SHOW GLOBAL STATUS LIKE 'Threads\\_connected'", deadline);
    }
    if (mode_ == "uptime") return session.ask("SHOW GLOBAL STATUS LIKE 'Uptime'", deadline);
    if (mode_ == "readonly") {
      return session.ask("SHOW GLOBAL VARIABLES LIKE 'read\\_only'", deadline);
    }
    return replication_answer(session, deadline);
  }

  // MariaDB tells of all its sources only when asked for ALL, which MySQL does not know; older ones
  // of both do not know the word REPLICA.
  static Answer replication_answer(Session& session, const Deadline& deadline) {
    constexpr unsigned syntax_error = 1064;
    Answer answer;
    for (const auto* query : {"SHOW ALL REPLICAS STATUS", "SHOW ALL SLAVES STATUS",
                              "SHOW REPLICA STATUS", "SHOW SLAVE STATUS"}) {
      answer = session.ask(query, deadline);
      if (answer.code != syntax_error) break;
    }
    return answer;
  }

  shoal::CheckVerdict failed(Result result, const std::string& fault) const {
    return shoal::common::failure_at(endpoint_, result, fault, error_status_);
  }

  shoal::CheckVerdict judge_number(const Answer& answer, shoal::Round& round) const {
    const auto value = shoal::mysql::number_in(answer.rows);
    if (!value) return failed(Result::broken, "expected one number, got something else");
    round.emit(series_, *value);
    const auto words =
        mode_ == "uptime"
            ? "up for " + shoal::common::duration_words(static_cast<std::int64_t>(*value))
            : whole(*value) + " connections";
    return {thresholds_.status_of(*value), endpoint_.name() + ": " + words};
  }

  shoal::CheckVerdict judge_readonly(const Answer& answer) const {
    if (answer.rows.size() != 1 || answer.rows.front().count("Value") == 0) {
      return failed(Result::broken, "expected the value of read_only, got something else");
    }
    const auto& value = answer.rows.front().at("Value");
    const bool is_on = value != "OFF" && value != "0";
    const std::string found = is_on ? "ON" : "OFF";
    if (found == expected_) return {SHOAL_CHECK_OK, endpoint_.name() + ": read_only is " + found};
    return {SHOAL_CHECK_CRITICAL,
            endpoint_.name() + ": expected read_only " + expected_ + ", found " + found};
  }

  shoal::CheckVerdict judge_replication(const Answer& answer, shoal::Round& round) const {
    if (answer.rows.empty()) {
      const std::uint32_t status = is_master_fine_ ? SHOAL_CHECK_OK : SHOAL_CHECK_UNKNOWN;
      return {status, endpoint_.name() + ": it is no replica"};
    }
    double behind = 0;
    std::uint32_t worst = SHOAL_CHECK_OK;
    for (const auto& row : answer.rows) {
      const auto found = shoal::mysql::replication_of(row);
      if (!found.is_running || !found.seconds_behind) {
        return {SHOAL_CHECK_CRITICAL, endpoint_.name() + ": replication stands: " + found.words};
      }
      behind = std::max(behind, *found.seconds_behind);
      worst = std::max(worst, thresholds_.status_of(*found.seconds_behind));
    }
    round.emit(series_, behind);
    return {worst, endpoint_.name() + ": " + whole(behind) + " s behind its source"};
  }

  Settings settings_;
  shoal::common::Endpoint endpoint_;
  std::string mode_;
  std::string expected_;
  bool is_master_fine_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  std::uint32_t error_status_;
  shoal::Series series_;
};

}  // namespace

SHOAL_PLUGIN(Mysql);
