#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include <shoal/plugin.hpp>

#include "common/complaint.h"
#include "common/deadline.h"
#include "common/words.h"
#include "common/zabbix/agent.h"
#include "items.h"

SHOAL_MANIFEST(R"({
  "id": "zabbix",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "metric",
  "summary": "numbers that a Zabbix agent knows, by the keys of their items",
  "options": {
    "host": {"type": "string", "default": "127.0.0.1", "pattern": ".", "description": "name or address of the agent"},
    "port": {"type": "integer", "default": 10050, "minimum": 1, "maximum": 65535, "description": "its port"},
    "items": {"type": "array", "required": true, "items": {"type": "string", "pattern": "^([A-Za-z0-9_-]+=)?[A-Za-z0-9_.-]+(\\[.*\\])?$"}, "x-example": ["agent.ping"], "description": "keys such as vm.memory.size[free], or NAME=KEY to choose the name of the series"},
    "protocol": {"type": "string", "enum": ["plain", "json", "auto"], "default": "plain", "description": "plain: every agent; json: 7.0 and newer; auto: json, and plain for those that do not know it"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all items together"}
  },
  "series": [
    {"name": "zabbix.*", "kind": "gauge", "unit": "float", "description": "the value of an item"}
  ]
})");

namespace {

using shoal::common::Deadline;
using shoal::zabbix::Answer;

class Zabbix : public shoal::Metric {
 public:
  explicit Zabbix(shoal::Context& context)
      : agent_(context.options()),
        items_(shoal::zabbix::parse_items(context.options().texts("/items"))),
        timeout_(context.options().integer("/timeout", 10'000)),
        complaint_(context) {
    for (const auto& name : items_.names)
      series_.push_back(context.gauge("zabbix." + name, "float"));
  }

  void collect(shoal::Round& round) override {
    const auto answers = numbers_among(agent_.ask(items_.keys, Deadline(round, timeout_)));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (const auto number = answers[i].number()) round.emit(series_[i], *number);
    }
    auto faults = faults_of(items_.keys, answers);
    if (!faults.empty()) faults = agent_.name() + ": " + faults;
    if (round.points().empty()) throw shoal::Failure(faults);
    complaint_.state(faults);
  }

 private:
  // What is no number is worth no more than an item that is not supported.
  static std::vector<Answer> numbers_among(std::vector<Answer> answers) {
    for (auto& answer : answers) {
      if (!answer.is_value() || answer.number()) continue;
      answer = {Answer::Kind::no_data,
                "expected a number, found " + shoal::common::quoted(answer.text)};
    }
    return answers;
  }

  shoal::zabbix::Agent agent_;
  shoal::zabbix::Items items_;
  std::chrono::milliseconds timeout_;
  std::vector<shoal::Series> series_;
  shoal::common::Complaint complaint_;
};

}  // namespace

SHOAL_PLUGIN(Zabbix);
