#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.hpp>

#include "answer.h"
#include "common/check_name.h"
#include "common/deadline.h"
#include "common/net/endpoint.h"
#include "common/status_option.h"
#include "common/thresholds.h"
#include "common/words.h"
#include "question.h"
#include "record.h"

SHOAL_MANIFEST(R"({
  "id": "dns",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether a name server answers a question, with the expected records and soon enough",
  "options": {
    "host": {"type": "string", "required": true, "pattern": ".", "description": "the name to ask for; for PTR an address will do"},
    "query_type": {"type": "string", "default": "A", "enum": ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"], "description": "the type of the records"},
    "expected": {"type": "array", "items": {"type": "string"}, "default": [], "description": "the data of all records there shall be: \"192.0.2.1\", \"10 mail.example.com\""},
    "server": {"type": "string", "default": "", "description": "the name server, a name or address; empty: the first of resolv.conf"},
    "port": {"type": "integer", "default": 53, "minimum": 1, "maximum": 65535, "description": "of the name server"},
    "norec": {"type": "boolean", "default": false, "description": "ask for what the server knows by itself"},
    "warning": {"type": "string", "format": "threshold", "description": "over this many seconds: WARNING; or a range"},
    "critical": {"type": "string", "format": "threshold", "description": "over this many seconds: CRITICAL; or a range"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"},
    "error_status": {"type": "string", "enum": ["warning", "critical"], "default": "critical", "description": "what no answer, an error code, or a server without address is"}
  },
  "series": [
    {"name": "dns.*.seconds", "kind": "gauge", "unit": "seconds", "description": "from the question to the answer"}
  ]
})");

namespace {

using shoal::common::Address;
using shoal::common::Deadline;
using shoal::dns::Answer;
using shoal::dns::Match;
using shoal::dns::RecordType;
using shoal::dns::Reply;

const RecordType& type_option(const shoal::Options& options) {
  const auto name = options.text("/query_type", "A");
  const auto* const type = shoal::dns::find_record_type(name);
  if (type != nullptr) return *type;
  throw shoal::Failure("option query_type: expected a known type, found \"" + name + "\"",
                       SHOAL_CONFIG);
}

shoal::dns::Question question_option(const shoal::Options& options, const RecordType& type) {
  const auto host = options.text("/host");
  shoal::dns::Question question{type.name == "PTR" ? shoal::dns::reverse_name(host) : host,
                                type.number, !options.boolean("/norec")};
  if (!host.empty() && shoal::dns::can_be_asked(question)) return question;
  throw shoal::Failure("option host: expected a domain name, found \"" + host + "\"", SHOAL_CONFIG);
}

std::vector<std::string> expected_option(const shoal::Options& options, const RecordType& type) {
  auto expected = options.texts("/expected");
  for (auto& data : expected) {
    auto usual = shoal::dns::normalized(type, data);
    if (usual.empty()) {
      throw shoal::Failure("option expected: expected data of type " + std::string(type.name) +
                               " like \"" + std::string(type.example) + "\", found " +
                               shoal::common::quoted(data),
                           SHOAL_CONFIG);
    }
    data = std::move(usual);
  }
  return expected;
}

std::string listed(const std::vector<std::string>& records) {
  constexpr std::size_t most = 10;
  constexpr std::size_t longest = 200;
  if (records.empty()) return "nothing";
  std::string text;
  for (std::size_t i = 0; i < std::min(most, records.size()); ++i) {
    text += (i == 0 ? "" : ", ") + shoal::dns::printable(records[i].substr(0, longest));
    if (records[i].size() > longest) text += "...";
  }
  if (records.size() > most) text += " and " + std::to_string(records.size() - most) + " more";
  return text;
}

class Dns : public shoal::Check {
 public:
  explicit Dns(shoal::Context& context)
      : type_(type_option(context.options())),
        question_(question_option(context.options(), type_)),
        expected_(expected_option(context.options(), type_)),
        port_(static_cast<std::uint16_t>(context.options().integer("/port", 53))),
        thresholds_(
            shoal::common::threshold_options(context.options(), shoal::common::Plain::over)),
        timeout_(context.options().integer("/timeout", 10'000)),
        error_status_(shoal::common::status_option(context.options(), "error_status", "critical")),
        seconds_(
            context.gauge(shoal::common::check_prefix("dns", context) + ".seconds", "seconds")) {
    const auto server = context.options().text("/server");
    if (!server.empty()) server_.emplace(server, port_);
  }

  shoal::CheckVerdict check(shoal::Round& round) override {
    const Deadline deadline(round, timeout_);
    std::string fault;
    const auto servers = find_servers(deadline, fault);
    const auto where = place(servers);
    if (servers.empty()) {
      return {server_ ? error_status_ : std::uint32_t{SHOAL_CHECK_UNKNOWN}, where + ": " + fault};
    }
    const auto began = Deadline::Clock::now();
    const auto reply = shoal::dns::ask(servers, question_, deadline);
    const double seconds = std::chrono::duration<double>(Deadline::Clock::now() - began).count();
    if (reply.outcome == Reply::Outcome::impossible) {
      return {SHOAL_CHECK_UNKNOWN, where + ": " + reply.fault};
    }
    if (reply.outcome == Reply::Outcome::unanswered) {
      return {error_status_, where + ": " + reply.fault};
    }
    round.emit(seconds_, seconds);
    return judge(shoal::dns::parse_answer(reply.message, type_), where, seconds);
  }

 private:
  std::vector<Address> find_servers(const Deadline& deadline, std::string& fault) {
    if (server_) {
      auto addresses = server_->addresses(deadline);
      fault = server_->fault();
      return addresses;
    }
    const auto first = shoal::dns::system_server(port_, fault);
    return first ? std::vector<Address>{*first} : std::vector<Address>();
  }

  // "www.example.com A from 127.0.0.1 port 53"
  std::string place(const std::vector<Address>& servers) const {
    auto text = question_.name + " " + std::string(type_.name) + " from ";
    if (server_) return text + server_->name();
    if (servers.empty()) return text + shoal::dns::resolv_conf;
    return text + shoal::common::numeric_host(servers.front()) + " port " + std::to_string(port_);
  }

  shoal::CheckVerdict judge(const Answer& answer, const std::string& where, double seconds) const {
    if (!answer.fault.empty()) return {error_status_, where + ": " + answer.fault};
    if (answer.code != 0) return {error_status_, where + ": " + shoal::dns::code_name(answer.code)};
    if (answer.is_truncated) return {error_status_, where + ": the answer is cut short"};

    const auto timed = thresholds_.status_of(seconds);
    const auto in_time = where + " in " + shoal::common::seconds_words(seconds) + ": ";
    const auto status = status_of(answer);
    if (status == SHOAL_CHECK_OK) return {timed, in_time + listed(answer.records)};
    const auto wanted = expected_.empty() ? "a record" : listed(expected_);
    return {shoal::common::worse_of(status, timed),
            in_time + "expected " + wanted + ", got " + listed(answer.records)};
  }

  std::uint32_t status_of(const Answer& answer) const {
    if (expected_.empty()) return answer.records.empty() ? error_status_ : SHOAL_CHECK_OK;
    switch (shoal::dns::compare(expected_, answer.records)) {
      case Match::equal:
        return SHOAL_CHECK_OK;
      case Match::partial:
        return SHOAL_CHECK_WARNING;
      default:
        return SHOAL_CHECK_CRITICAL;
    }
  }

  const RecordType& type_;
  shoal::dns::Question question_;
  std::vector<std::string> expected_;
  std::uint16_t port_;
  std::optional<shoal::common::Endpoint> server_;
  shoal::common::Thresholds thresholds_;
  std::chrono::milliseconds timeout_;
  std::uint32_t error_status_;
  shoal::Series seconds_;
};

}  // namespace

SHOAL_PLUGIN(Dns);
