// Group options: what an operator may write, within the schema.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "conformance/process_state.h"
#include "conformance/tests.h"
#include "conformance/workbench.h"
#include "plugin/options.h"

namespace shoal::conformance {
namespace {

using nlohmann::json;

std::string long_text() {
  return std::string(1 << 20, 'x');
}

// Texts nobody expects. None holds what only a shell or a terminal would mind.
std::vector<json> strange_texts() {
  return {"",
          " ",
          long_text(),
          "\xE9\xAF\x96 \xF0\x9F\x90\x9F \xC3\xA4",
          std::string("a\0b", 3),
          "a/b/../c",
          "%s%n%d",
          "\"'\\\n\t",
          "-1",
          "*"};
}

void add_bounds(const json& schema, std::vector<json>& values) {
  for (const char* bound : {"minimum", "maximum"}) {
    if (schema.contains(bound)) values.push_back(schema[bound]);
  }
}

// Values of the option that its schema may take; those it does not take are left out later.
std::vector<json> values_for(const json& schema) {
  std::vector<json> values;
  if (const auto choices = schema.find("enum"); choices != schema.end()) {
    return choices->get<std::vector<json>>();
  }
  add_bounds(schema, values);
  const auto type = schema.value("type", "string");
  const auto unit = schema.value("x-unit", "");
  if (unit == "duration") {
    for (const char* text : {"1ms", "1s", "24h", "365d"}) values.push_back(text);
  } else if (unit == "bytes") {
    for (const char* text : {"0", "1", "1TB"}) values.push_back(text);
  } else if (type == "integer") {
    for (const std::int64_t number : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1},
                                      std::int64_t{1} << 40, INT64_MAX}) {
      values.push_back(number);
    }
  } else if (type == "number") {
    for (const double number : {-1e308, -1.0, 0.0, 0.5, 1e-308, 1e308}) values.push_back(number);
  } else if (type == "boolean") {
    values = {true, false};
  } else if (type == "array") {
    values.push_back(json::array());
    const auto items = schema.value("items", json{{"type", "string"}});
    json many = json::array();
    for (const auto& value : values_for(items)) {
      values.push_back(json::array({value}));
      many.push_back(value);
    }
    values.push_back(std::move(many));
  } else if (type == "object") {
    values = {json::object(), {{"", ""}}, {{"a", json::array({1, nullptr, {{"b", 2}}})}}};
  } else {
    values = strange_texts();
  }
  return values;
}

std::string shown(const json& value) {
  const auto text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  return text.size() > 40 ? text.substr(0, 40) + "..." : text;
}

class Variation {
 public:
  explicit Variation(Trial& trial) : trial_(trial), bench_(trial) {}

  // A life with these options, as far as create() lets it come.
  void live(const json& options, const std::string& circumstances, bool must_work) {
    const auto checked = plugin::check_options(trial_.subject().manifest, options.dump());
    if (!checked.faults.empty()) return;  // the host refuses them, the plugin never sees them
    trial_.under(Rule::options_values, circumstances);
    DrivenInstance instance(bench_.host(), bench_.plugin(), bench_.context(checked.json));
    const auto created = instance.create({.patience = std::chrono::seconds(5)});
    if (!instance.exists()) {
      if (must_work) {
        trial_.find(Rule::create_options, "create() answered {} ({}) {}", created.status,
                    created.said.reason, circumstances);
      }
      return check_refusals(checked.json);
    }
    // Options may lead it anywhere: one second is enough to see that it lives.
    const CallSettings brief{.patience = std::chrono::seconds(1)};
    instance.start(brief);
    instance.round(brief);
    instance.stop(brief);
  }

 private:
  // What create() refuses once, it refuses again and again without losing anything.
  void check_refusals(const std::string& options_json) {
    constexpr std::size_t refusals = 50;
    auto& context = bench_.context(options_json);
    std::size_t before = 0;
    const auto state = ProcessState::now();
    for (std::size_t i = 0; i < 2 * refusals; ++i) {
      if (i == refusals) before = heap_bytes();
      DrivenInstance(bench_.host(), bench_.plugin(), context).create();
      context.forget();
    }
    const auto after = heap_bytes();
    const auto descriptors = ProcessState::now().descriptors.size();
    if (descriptors > state.descriptors.size() + refusals) {
      trial_.find(Rule::lifetime_failed_create, "{} descriptors are left open by {} refusals",
                  descriptors - state.descriptors.size(), 2 * refusals);
    }
    // Threads of an earlier life, such as one that looks up a name, have a heap to change as well.
    const bool is_alone = std::max(state.threads, ProcessState::now().threads) <= threads_;
    if (is_alone && after > before + refusals * 8) {
      trial_.find(Rule::lifetime_failed_create, "{} bytes are lost in {} refusals by create()",
                  after - before, refusals);
    }
  }

  Trial& trial_;
  Workbench bench_;
  const std::size_t threads_ = ProcessState::now().threads;  // without any of the plugin's
};

json working(const Trial& trial) {
  return json::parse(trial.subject().written_options);
}

}  // namespace

void test_defaults(Trial& trial) {
  Variation variation(trial);
  const auto schemas = json::parse(trial.subject().manifest.options_schema);
  auto options = working(trial);
  variation.live(options, "with the working options", true);
  // Each optional one left out by itself.
  for (const auto& [name, schema] : schemas.items()) {
    if (!options.contains(name) || schema.value("required", false)) continue;
    auto without = options;
    without.erase(name);
    variation.live(without, "without the option " + name, false);
  }
}

void test_values(Trial& trial) {
  Variation variation(trial);
  const auto schemas = json::parse(trial.subject().manifest.options_schema);
  const auto options = working(trial);
  for (const auto& [name, schema] : schemas.items()) {
    for (const auto& value : values_for(schema)) {
      auto changed = options;
      changed[name] = value;
      variation.live(changed, fmt::format("with {} = {}", name, shown(value)), false);
    }
  }
}

void test_secrets(Trial& trial) {
  const auto schemas = json::parse(trial.subject().manifest.options_schema);
  auto options = working(trial);
  bool has_secret = false;
  for (const auto& [name, schema] : schemas.items()) {
    if (!schema.value("x-secret", false) || schema.value("type", "string") != "string") continue;
    options[name] = secret_marker;
    has_secret = true;
  }
  if (!has_secret) return;
  Variation variation(trial);
  variation.live(options, "with secrets", false);
  trial.under(Rule::options_secret, "with secrets, and a network that refuses everything");
  const auto checked = plugin::check_options(trial.subject().manifest, options.dump());
  if (!checked.faults.empty()) return;
  Workbench bench(trial);
  bench.host().answer.status = 403;
  bench.live(bench.context(checked.json), 2);
}

}  // namespace shoal::conformance
