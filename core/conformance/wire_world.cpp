#include "conformance/wire_world.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "base/error.h"

namespace shoal::conformance {

using namespace std::chrono_literals;

std::optional<std::string> MemoryState::get(std::string_view, std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

void MemoryState::put(std::string_view, std::string_view key, std::string_view value) {
  const std::lock_guard lock(mutex_);
  values_.insert_or_assign(std::string(key), value);
}

void MemoryState::remove(std::string_view, std::string_view key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = values_.find(key); found != values_.end()) values_.erase(found);
}

plugin::HttpOutcome ScriptedHttp::request(const plugin::HttpRequest&, SteadyTime deadline,
                                          const std::atomic<std::uint32_t>& cancel) {
  if (!answers_.empty()) {
    const std::lock_guard lock(mutex_);
    return answers_[next_++ % answers_.size()];
  }
  const SystemClock clock;
  while (cancel == 0 && clock.steady() < deadline) std::this_thread::sleep_for(1ms);
  if (cancel != 0) return {plugin::CallStatus::cancelled, "cancelled", {}};
  return {plugin::CallStatus::deadline, "no answer in time", {}};
}

WireWorld::WireWorld(Trial& trial, plugin::Http* http, bool has_services)
    : trial_(trial), services_{.clock = clock_, .log = &log_} {
  if (!has_services) return;
  services_.state = &state_;
  services_.http = http;
  services_.identity = &identity_;
}

bool WireWorld::create() {
  const auto& subject = trial_.subject();
  const std::string kind(plugin::kind_name(subject.kind()));
  trial_.begin_act("create");
  try {
    instance_ = std::make_unique<plugin::ProcessInstance>(
        plugin::ProcessInstance::Settings{.kind = subject.kind(),
                                          .launch = {.host_program = plugin_host_program(),
                                                     .file = subject.file,
                                                     .program = subject.copy},
                                          .version = subject.manifest.version,
                                          .context = {.job = kind + ":test",
                                                      .output = "test",
                                                      .options_json = subject.options_json}},
        services_, false);
  } catch (const PluginError& error) {
    trial_.find(Rule::create_options, "{}", error.what());
  }
  trial_.end_act();
  return instance_ != nullptr;
}

void WireWorld::start() {
  trial_.begin_act("start");
  const auto report = instance_->start(call(10s));
  judge(report.status, report.reason);
  trial_.end_act();
}

void WireWorld::round(std::chrono::milliseconds patience,
                      const std::vector<record::Record>& records) {
  trial_.begin_act(trial_.subject().round_function());
  if (trial_.subject().kind() == plugin::Kind::output) {
    const auto report = instance_->deliver(call(patience), records);
    judge(report.status, report.reason);
  } else {
    const auto report = instance_->run(call(patience));
    judge(report.status, report.reason);
  }
  trial_.end_act();
}

void WireWorld::stop() {
  trial_.begin_act("stop");
  const auto report = instance_->stop(call(5s));
  judge(report.status, report.reason);
  trial_.end_act();
}

plugin::Call WireWorld::call(std::chrono::milliseconds patience) const {
  return {.scheduled = clock_.wall(), .deadline = clock_.steady() + patience};
}

void WireWorld::judge(plugin::CallStatus status, const std::string& reason) {
  const auto deaths = instance_->health().deaths;
  if (deaths > deaths_) {
    deaths_ = deaths;
    const bool is_late = status == plugin::CallStatus::deadline;
    const bool is_garbage = status == plugin::CallStatus::bug;
    trial_.find(is_late      ? Rule::time_deadline
                : is_garbage ? Rule::wire_frames
                             : Rule::wire_alive,
                "{}", reason);
  } else if (status == plugin::CallStatus::bug) {
    trial_.find(Rule::wire_frames, "{}", reason);
  } else if (reason.ends_with("gave no reason")) {
    trial_.find(Rule::status_reason, "{}", reason);
  }
}

std::string plugin_host_program() {
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  for (const char* const place : {"shoal-plugin-host", "../plugin_host/shoal-plugin-host"}) {
    const auto program = (here / place).lexically_normal();
    if (std::filesystem::exists(program)) return program.string();
  }
  throw Error("shoal-plugin-host is not installed: it is missing in " + here.string());
}

std::vector<record::Record> some_records(const Subject& subject, std::size_t count) {
  const auto now = SystemClock().wall();
  std::vector<record::Record> kinds{
      record::Sample{.name = "disk.used", .labels = {{"device", "sda"}}, .value = 0.5, .time = now},
      record::CheckResult{
          .name = "web", .status = record::Status::critical, .text = "", .time = now},
      record::Event{.id = "1", .job = "check:web", .time = now, .since = now, .text = "\xc3\xa9\n"},
      record::Metadata{"packages", "{}", now},
      record::GraphDefinition{.name = "disk.#", .metrics = {{"*", "", true}}, .time = now}};
  const auto& accepted = subject.manifest.accepts;
  std::erase_if(kinds, [&](const record::Record& one) {
    return std::find(accepted.begin(), accepted.end(), record::kind_of(one)) == accepted.end();
  });
  std::vector<record::Record> records;
  for (std::size_t i = 0; i < count && !kinds.empty(); ++i) {
    records.push_back(kinds[i % kinds.size()]);
  }
  return records;
}

}  // namespace shoal::conformance
