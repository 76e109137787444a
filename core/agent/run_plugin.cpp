// shoal plugin run: one plugin, a round or a few, with the real services of a host; what it says is
// printed, nothing is delivered or kept. An output is offered one record of each kind.

#include <charconv>
#include <filesystem>
#include <optional>
#include <thread>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "agent/commands.h"
#include "agent/configuration.h"
#include "agent/environment.h"
#include "agent/sample_records.h"
#include "agent/scratch_root.h"
#include "agent/services.h"
#include "base/log.h"
#include "base/quantity.h"
#include "control/table.h"
#include "plugin/option_words.h"

namespace shoal::agent {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds patience{30};

// The state of a plugin that is tried out: gone afterwards, unless --root keeps it.
class Root {
 public:
  explicit Root(const Arguments& arguments) : path_(arguments.value("root").value_or("")) {
    if (path_.empty()) {
      path_ = scratch_.emplace().path();
    } else {
      prepare_root(path_);
    }
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::optional<ScratchRoot> scratch_;
};

// What one call came to: a round, a start, or the offer of a batch.
struct Act {
  std::string name;  // "round 1", "offer"
  plugin::CallStatus status = plugin::CallStatus::ok;
  std::string reason;
  std::chrono::nanoseconds took{0};
  std::vector<record::Record> records;
  std::vector<plugin::Verdict> verdicts;  // of an offer, one for each record
  std::uint64_t dropped = 0;
  std::optional<std::chrono::milliseconds> retry_after;
  std::optional<WallTime> next_offer;

  bool is_fine() const {
    return status == plugin::CallStatus::ok || status == plugin::CallStatus::nothing;
  }
};

class Trial {
 public:
  Trial(plugin::Instance& instance, const plugin::Manifest& manifest, const Clock& clock)
      : instance_(instance), manifest_(manifest), clock_(clock) {}

  std::vector<Act> run(unsigned rounds, std::chrono::milliseconds interval) {
    add("start", [&](const plugin::Call& call) { return said(instance_.start(call)); });
    if (!acts_.back().is_fine()) return std::move(acts_);
    acts_.clear();  // a start that is fine goes without saying
    for (unsigned i = 1; i <= rounds; ++i) {
      if (i > 1) std::this_thread::sleep_for(interval);
      if (instance_.kind() == plugin::Kind::output) {
        add(fmt::format("offer {}", i), [&](const plugin::Call& call) { return offer(call); });
      } else {
        add(fmt::format("round {}", i),
            [&](const plugin::Call& call) { return said(instance_.run(call)); });
      }
    }
    const plugin::Call call{.scheduled = clock_.wall(), .deadline = clock_.steady() + patience};
    if (auto stopped = said(instance_.stop(call)); !stopped.is_fine()) {
      stopped.name = "stop";
      acts_.push_back(std::move(stopped));
    }
    return std::move(acts_);
  }

 private:
  template <class Body>
  void add(std::string name, Body&& body) {
    const auto began = clock_.steady();
    const plugin::Call call{.scheduled = clock_.wall(), .deadline = began + patience};
    Act act = body(call);
    act.name = std::move(name);
    act.took = clock_.steady() - began;
    acts_.push_back(std::move(act));
  }

  static Act said(plugin::RoundReport report) {
    Act act;
    act.status = report.status;
    act.reason = std::move(report.reason);
    act.records = std::move(report.records);
    act.dropped = report.dropped;
    return act;
  }

  Act offer(const plugin::Call& call) {
    Act act;
    act.records = sample_records(manifest_.accepts, call.scheduled);
    auto report = instance_.deliver(call, act.records);
    act.status = report.status;
    act.reason = std::move(report.reason);
    act.verdicts = std::move(report.verdicts);
    act.retry_after = report.retry_after;
    act.next_offer = report.next_offer;
    return act;
  }

  plugin::Instance& instance_;
  const plugin::Manifest& manifest_;
  const Clock& clock_;
  std::vector<Act> acts_;
};

// ---- for people ----

std::string_view verdict_word(const Act& act, std::size_t index) {
  if (act.verdicts.size() <= index) return "kept";
  switch (act.verdicts[index]) {
    case plugin::Verdict::delivered:
      return "delivered";
    case plugin::Verdict::rejected:
      return "rejected";
    case plugin::Verdict::retry:
      return "kept";
  }
  return {};
}

std::string sample_name(const record::Sample& sample) {
  std::string labels;
  for (const auto& [key, value] : sample.labels) {
    labels += fmt::format("{}{}={}", labels.empty() ? "" : ",", key, value);
  }
  return labels.empty() ? sample.name : fmt::format("{}{{{}}}", sample.name, labels);
}

void add_rows(control::Table& table, const record::Record& record) {
  if (const auto* sample = std::get_if<record::Sample>(&record)) {
    table.add({sample_name(*sample), fmt::format("{:.12g}", sample->value), sample->unit});
  } else if (const auto* result = std::get_if<record::CheckResult>(&record)) {
    for (const auto& one : result->samples) add_rows(table, one);
  }
}

std::string summary(const Act& act) {
  auto text = fmt::format("{}: {}, {:.1f} ms", act.name, plugin::status_name(act.status),
                          std::chrono::duration<double, std::milli>(act.took).count());
  if (!act.reason.empty()) text += ": " + act.reason;
  if (act.dropped > 0) text += fmt::format("; {} points dropped", act.dropped);
  if (act.retry_after) text += fmt::format("; try again in {} ms", act.retry_after->count());
  if (act.next_offer) text += fmt::format("; next offer at {} s", unix_seconds(*act.next_offer));
  return text;
}

void print(const Act& act, bool is_offer) {
  fmt::print("{}\n", summary(act));
  control::Table table;
  for (std::size_t i = 0; i < act.records.size(); ++i) {
    const auto& record = act.records[i];
    if (is_offer) {
      table.add({record::route_key(record), std::string(verdict_word(act, i))});
      continue;
    }
    if (const auto* result = std::get_if<record::CheckResult>(&record)) {
      fmt::print("  {}: {}\n", record::status_name(result->status), result->text);
    }
    add_rows(table, record);
  }
  fmt::print("{}", table.text(2));
}

// A first round has nothing to compare with.
void print_hint(const plugin::Manifest& manifest, unsigned rounds) {
  const bool has_rates = std::any_of(manifest.series.begin(), manifest.series.end(),
                                     [](const auto& series) { return series.kind != "gauge"; });
  if (rounds == 1 && has_rates) {
    fmt::print("counters and intervals say something from the second round on: --rounds 2\n");
  }
}

// ---- for programs ----

Json sample_json(const record::Sample& sample) {
  Json labels = Json::object();
  for (const auto& [key, value] : sample.labels) labels[key] = value;
  return {{"name", sample.name},
          {"labels", std::move(labels)},
          {"value", sample.value},
          {"unit", sample.unit},
          {"time_ms", unix_milliseconds(sample.time)}};
}

Json record_json(const record::Record& record) {
  if (const auto* sample = std::get_if<record::Sample>(&record)) return sample_json(*sample);
  const auto* result = std::get_if<record::CheckResult>(&record);
  if (result == nullptr) return {{"record", record::route_key(record)}};
  Json samples = Json::array();
  for (const auto& one : result->samples) samples.push_back(sample_json(one));
  return {{"status", record::status_name(result->status)},
          {"text", result->text},
          {"samples", std::move(samples)}};
}

Json act_json(const Act& act, bool is_offer) {
  Json records = Json::array();
  for (std::size_t i = 0; i < act.records.size(); ++i) {
    records.push_back(is_offer ? Json{{"record", record::route_key(act.records[i])},
                                      {"verdict", verdict_word(act, i)}}
                               : record_json(act.records[i]));
  }
  return {{"act", act.name},        {"status", plugin::status_name(act.status)},
          {"reason", act.reason},   {"seconds", std::chrono::duration<double>(act.took).count()},
          {"dropped", act.dropped}, {"records", std::move(records)}};
}

// ---- the command line ----

std::map<std::string, std::string> option_words(const Arguments& arguments) {
  std::map<std::string, std::string> words;
  for (const std::string& word : arguments.values("option")) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError(fmt::format("-o: expected KEY=VALUE, got \"{}\"", word));
    }
    words[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return words;
}

unsigned round_count(const Arguments& arguments) {
  const std::string word = arguments.value("rounds").value_or("1");
  unsigned rounds = 0;
  const auto* const end = word.data() + word.size();
  const auto [at, error] = std::from_chars(word.data(), end, rounds);
  if (error != std::errc{} || at != end || rounds == 0) {
    throw UsageError(fmt::format("--rounds: expected a number from 1 on, got \"{}\"", word));
  }
  return rounds;
}

std::chrono::milliseconds interval_of(const Arguments& arguments) {
  const std::string word = arguments.value("interval").value_or("1s");
  const auto interval = parse_duration(word);
  if (!interval || interval->count() <= 0) {
    throw UsageError(
        fmt::format("--interval: expected a duration like 1s or 1m, got \"{}\"", word));
  }
  return *interval;
}

// A file, or KIND/NAME of what is installed.
plugin::Description find(const plugin::Registry& registry, const std::string& word) {
  const auto slash = word.find('/');
  if (slash != std::string::npos && !std::filesystem::exists(word)) {
    for (const auto kind : {plugin::Kind::metric, plugin::Kind::check, plugin::Kind::output}) {
      if (word.substr(0, slash) != plugin::kind_name(kind)) continue;
      return registry.describe(kind, word.substr(slash + 1));
    }
  }
  return registry.describe(slash == std::string::npos ? "./" + word : word);
}

}  // namespace

int run_plugin(const Arguments& arguments) {
  const unsigned rounds = round_count(arguments);
  const auto interval = interval_of(arguments);
  const auto words = option_words(arguments);
  const Root root(arguments);
  config::Settings settings = require_configuration(arguments);
  settings.root = root.path();
  if (!arguments.value("log-level")) log::set_level(log::Level::debug);
  prepare_environment(settings);
  const SystemClock clock;
  Services services(settings, clock);

  const auto description = find(services.registry(), arguments.operands.front());
  const plugin::Manifest& manifest = description.manifest;
  const auto kind = plugin::kind_name(manifest.kind);
  const auto instance =
      services.registry().create(manifest.kind, description.file,
                                 {.job = fmt::format("{}:{}", kind, manifest.id),
                                  .options_json = plugin::options_from_words(manifest, words),
                                  .interval = interval,
                                  .is_host_metric = manifest.origin == record::Origin::host,
                                  .output = manifest.id});
  const auto acts = Trial(*instance, manifest, clock).run(rounds, interval);

  const bool is_offer = manifest.kind == plugin::Kind::output;
  if (arguments.has("json")) {
    Json all = Json::array();
    for (const Act& act : acts) all.push_back(act_json(act, is_offer));
    fmt::print("{}\n", Json{{"plugin", manifest.id}, {"kind", kind}, {"acts", all}}.dump(
                           2, ' ', false, Json::error_handler_t::replace));
  } else {
    for (const Act& act : acts) print(act, is_offer);
    print_hint(manifest, rounds);
  }
  return std::all_of(acts.begin(), acts.end(), [](const Act& act) { return act.is_fine(); }) ? 0
                                                                                             : 1;
}

}  // namespace shoal::agent
