#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/zabbix/agent.h"
#include "common/zabbix/expression.h"
#include "common/zabbix/item_key.h"

SHOAL_MANIFEST(R"({
  "id": "zabbix",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether an expression over items of a Zabbix agent holds",
  "options": {
    "host": {"type": "string", "default": "127.0.0.1", "pattern": ".", "description": "name or address of the agent"},
    "port": {"type": "integer", "default": 10050, "minimum": 1, "maximum": 65535, "description": "its port"},
    "keys": {"type": "array", "required": true, "items": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+(\\[.*\\])?$"}, "x-example": ["agent.ping"], "description": "keys of items such as proc.num[nginx]: $1, $2 and on in the expressions"},
    "ok": {"type": "string", "required": true, "x-example": "$1 == 1", "description": "when this holds: OK, such as $1 >= 1 && $2 == 1"},
    "warning": {"type": "string", "description": "when ok does not hold and this does: WARNING; else CRITICAL"},
    "protocol": {"type": "string", "enum": ["plain", "json", "auto"], "default": "plain", "description": "plain: every agent; json: 7.0 and newer; auto: json, and plain for those that do not know it"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all items together; shorter than the section's timeout_seconds"}
  },
  "series": [
    {"name": "zabbix.*.*", "kind": "gauge", "unit": "float", "description": "the value of an item that is a number"}
  ]
})");

namespace {

using shoal::common::Deadline;
using shoal::zabbix::Answer;
using shoal::zabbix::Expression;

std::vector<std::string> keys_option(const shoal::Options& options) {
  auto keys = options.texts("/keys");
  for (const auto& key : keys) shoal::zabbix::require_item_key("keys", key);
  if (!keys.empty()) return keys;
  throw shoal::Failure("option keys: expected keys, found none", SHOAL_CONFIG);
}

std::optional<Expression> expression_option(const shoal::Options& options, const std::string& name,
                                            std::size_t items) {
  const auto text = options.find_text("/" + name);
  return text ? std::optional(Expression::parse(name, *text, items)) : std::nullopt;
}

class Zabbix : public shoal::Check {
 public:
  explicit Zabbix(shoal::Context& context)
      : agent_(context.options()),
        keys_(keys_option(context.options())),
        ok_(Expression::parse("ok", context.options().text("/ok"), keys_.size())),
        warning_(expression_option(context.options(), "warning", keys_.size())),
        timeout_(context.options().integer("/timeout", 10'000)) {
    const auto prefix = shoal::common::check_prefix("zabbix", context) + ".";
    for (const auto& key : keys_) {
      series_.push_back(context.gauge(prefix + shoal::zabbix::component_of(key), "float"));
    }
  }

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto answers = agent_.ask(keys_, Deadline(round, timeout_));
    emit(round, answers);
    const auto faults = faults_of(keys_, answers);
    if (!faults.empty()) return unknown(faults);

    const auto ok = ok_.judge(answers);
    if (!ok.is_true) return unknown("ok: " + ok.fault);
    if (*ok.is_true) return {SHOAL_CHECK_OK, agent_.name() + ": " + words_of(answers)};
    const auto warning = warning_ ? warning_->judge(answers) : Expression::Verdict{false, {}};
    if (!warning.is_true) return unknown("warning: " + warning.fault);
    return {*warning.is_true ? SHOAL_CHECK_WARNING : SHOAL_CHECK_CRITICAL,
            agent_.name() + ": expected " + ok_.text() + ", found " + words_of(answers)};
  }

 private:
  // Of two keys that become one name the first is told.
  void emit(shoal::Round& round, const std::vector<Answer>& answers) const {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const auto number = answers[i].number();
      if (number && is_first_of_its_name(i)) round.emit(series_[i], *number);
    }
  }

  bool is_first_of_its_name(std::size_t index) const {
    for (std::size_t i = 0; i < index; ++i) {
      if (series_[i].handle() == series_[index].handle()) return false;
    }
    return true;
  }

  shoal::CheckVerdict unknown(const std::string& reason) const {
    return {SHOAL_CHECK_UNKNOWN, agent_.name() + ": " + reason};
  }

  std::string words_of(const std::vector<Answer>& answers) const {
    std::string words;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      words += (words.empty() ? "" : ", ") + keys_[i] + " = " + answers[i].words();
    }
    return words;
  }

  shoal::zabbix::Agent agent_;
  std::vector<std::string> keys_;
  Expression ok_;
  std::optional<Expression> warning_;
  std::chrono::milliseconds timeout_;
  std::vector<shoal::Series> series_;
};

}  // namespace

SHOAL_PLUGIN(Zabbix);
