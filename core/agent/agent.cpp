#include "agent/agent.h"

#include <future>
#include <map>
#include <unistd.h>
#include <utility>

#include <Poco/URI.h>
#include <fmt/core.h>

#include "agent/acknowledgement.h"
#include "agent/configuration.h"
#include "agent/version.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/time_text.h"
#include "plugin/library.h"
#include "queue/queue.h"

namespace shoal::agent {
namespace {

constexpr std::chrono::seconds rounds_patience{30};
constexpr std::chrono::seconds delivery_patience{10};
constexpr std::chrono::seconds status_patience{5};
// By then the first rounds are done, registered and posted.
constexpr std::chrono::seconds settling_time{20};

// What a process keeps from its start.
void name_what_a_reload_cannot_change(const config::Settings& now, const config::Settings& next) {
  const auto check = [](std::string_view key, const auto& before, const auto& after) {
    if (before != after) log::warning("{}: the change takes effect at the next start", key);
  };
  check("root", now.root, next.root);
  check("socket", now.socket, next.socket);
  check("pidfile", now.pidfile, next.pidfile);
  check("plugin_dir", now.plugin_dir, next.plugin_dir);
  check("history", now.is_history_enabled, next.is_history_enabled);
  check("http_proxy", now.http_proxy, next.http_proxy);
  check("https_proxy", now.https_proxy, next.https_proxy);
}

std::string isolation_notice(const plugin::Suspect& suspect) {
  return fmt::format("plugin {}, at {}; it runs in a process of its own until its file changes",
                     to_text(suspect), rfc3339(suspect.time));
}

control::Answer plain(int status, const std::string& text) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = text};
}

}  // namespace

Agent::Agent(const config::Settings& settings, Options options)
    : settings_(settings),
      options_(std::move(options)),
      started_(clock_.wall()),
      signals_(loop_, {.stop = [this](int) { on_stop_signal(); },

                       .reload = [this] { begin_reload([](const std::string&) {}); }}),
      queue_(std::make_unique<queue::Queue>(settings_.root + "/queue.db", clock_)),
      marker_(crash_marker_file(settings_.root)),
      services_(settings_, clock_, &marker_),
      relay_(loop_, clock_, [this](std::vector<record::Event> events) {
        return pipeline_->keep(std::move(events));
      }) {
  suspect_culprits();
  marker_.watch_process();
  Work work = prepare_work(settings_, services_.registry(), {});
  pipeline_ = std::make_unique<Pipeline>(Pipeline::Surroundings{.loop = loop_,
                                                                .timers = timers_,
                                                                .clock = clock_,
                                                                .queue = queue_.get(),
                                                                .history = open_history(),
                                                                .alerts = open_alerts(),
                                                                .on_round = options_.on_round});
  server_ = std::make_unique<control::StatusServer>(
      loop_, settings_.socket,
      [this](auto method, auto path, auto body) { return answer(method, path, body); });
  relay_.prepare(settings_.relay);
  loop_.on_clock_step([this] {
    log::warning("the wall clock was set; rounds are planned anew");
    timers_.clock_stepped();
    pipeline_->clock_stepped();
  });
  timers_.call_at(clock_.steady() + settling_time, [] { give_back_memory(); });
  pipeline_->apply(std::move(work));
  relay_.apply();
  name_unheard_tags(settings_);
  pipeline_->begin_anew();
  announce_culprits();
}

Agent::~Agent() {
  if (!has_ended_well_) marker_.failed();
}

void Agent::suspect_culprits() {
  services_.suspects().add(marker_.left());
  for (const plugin::Suspect& suspect : marker_.left()) log::error("{}", isolation_notice(suspect));
}

void Agent::announce_culprits() {
  for (const plugin::Suspect& suspect : marker_.left()) {
    pipeline_->say(record::Status::warning, isolation_notice(suspect));
  }
}

std::unique_ptr<history::Writer> Agent::open_history() const {
  if (!settings_.is_history_enabled) return nullptr;
  return std::make_unique<history::Writer>(history_file(settings_), clock_);
}

std::unique_ptr<alert::AlertStore> Agent::open_alerts() const {
  return std::make_unique<alert::AlertStore>(settings_.root + "/alerts.db", clock_);
}

int Agent::run() {
  log::info("shoal {} started: {}, state in {}, status at {}", version,
            settings_.main_file.empty() ? "built-in configuration" : settings_.main_file,
            settings_.root, settings_.socket);
  loop_.run();
  return finish();
}

// It is refused then; whoever set it up should not have to find that out from others.
void Agent::name_unheard_tags(const config::Settings& settings) {
  if (!settings.relay) return;
  const auto look_at = [&](const std::string& job) {
    if (pipeline_->keeps_event(job)) return;
    log::warning("{}: relay: no durable output takes event:{}; what is said to it is refused",
                 to_text(settings.relay->where), job);
  };
  for (const config::RelayTag& tag : settings.relay->tags) look_at("notify:" + tag.name);
  look_at("notify-directly");
}

void Agent::on_stop_signal() {
  if (is_stopping_) {
    log::error("told to stop twice: going at once; rounds in progress are lost");
    marker_.ended_well();
    ::_exit(1);
  }
  begin_stop();
}

void Agent::begin_stop() {
  if (std::exchange(is_stopping_, true)) return;
  log::info("stopping: letting rounds in progress end, for up to {} s", rounds_patience.count());
  if (reload_.thread.joinable()) return;  // end_reload() goes on
  let_rounds_end();
}

void Agent::let_rounds_end() {
  pipeline_->stop_rounds(rounds_patience, [this] { loop_.stop(); });
}

int Agent::finish() {
  signals_.exit_at_next();
  relay_.stop();
  pipeline_->flush(delivery_patience);
  server_.reset();
  control::Status last;
  pipeline_->fill(last);
  for (const control::OutputStatus& output : last.outputs) {
    log::info("output {}: {} records delivered, {} kept for the next start", output.name,
              output.delivered, output.is_durable ? output.pending : 0);
  }
  log::info("stopped");
  has_ended_well_ = true;
  marker_.ended_well();
  if (pipeline_->has_stuck_threads() || services_.registry().has_stuck()) ::_exit(0);
  return 0;
}

void Agent::begin_reload(Reloaded reloaded) {
  if (is_stopping_) return reloaded("the agent is stopping");
  reload_.waiting.push_back(std::move(reloaded));
  if (reload_.thread.joinable()) return;
  reload_.thread = std::thread([this] { reload_off_loop(); });
}

template <class Function>
auto Agent::on_loop(Function function) {
  std::promise<decltype(function())> promise;
  auto result = promise.get_future();
  loop_.post([&] {
    try {
      promise.set_value(function());
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  });
  return result.get();
}

// Reading files and loading plugins takes its time; rounds go on meanwhile. Caught here as at the
// root of every thread: whatever is wrong keeps what runs.
void Agent::reload_off_loop() {
  std::string error;
  try {
    const config::Settings next = options_.read_settings();
    const Work running = on_loop([this] { return pipeline_->work(); });
    Work work = prepare_work(next, services_.registry(), running);
    services_.announce_jobs(next);
    name_what_a_reload_cannot_change(settings_, next);
    on_loop([&] {
      relay_.prepare(next.relay);
      return true;
    });
    const auto lines = on_loop([&] { return pipeline_->lines_to_stop(work); });
    for (const auto& line : lines) line->stop(clock_.steady() + delivery_patience);
    // Rounds of the present set may still run, and their processes be started again.
    auto contents = contents_of(work);
    contents.merge(contents_of(running));
    on_loop([&] {
      pipeline_->apply(std::move(work));
      relay_.apply();
      name_unheard_tags(next);
      return true;
    });
    services_.registry().remove_copies_except(contents);
  } catch (const std::exception& caught) {
    error = caught.what();
  }
  loop_.post([this, error] { end_reload(error); });
}

void Agent::end_reload(const std::string& error) {
  relay_.give_up();
  reload_.thread.join();
  reload_.thread = {};
  last_reload_ = clock_.wall();
  last_reload_error_ = error;
  if (error.empty()) {
    log::info("reloaded");
  } else {
    log::error("reload refused, the present configuration goes on:\n{}", error);
  }
  for (const Reloaded& reloaded : std::exchange(reload_.waiting, {})) reloaded(error);
  if (is_stopping_) let_rounds_end();
}

control::Status Agent::status() {
  control::Status status{
      .version = std::string(version),
      .configuration = settings_.main_file.empty() ? "(built in)" : settings_.main_file,
      .pid = ::getpid(),
      .started = started_,
      .now = clock_.wall(),
      .last_reload = last_reload_,
      .last_reload_error = last_reload_error_};
  status.notices = notices();
  control::measure_self(status);
  pipeline_->fill(status);
  status.relay = relay_.status();
  return status;
}

std::vector<std::string> Agent::notices() const {
  std::vector<std::string> notices;
  const queue::Health health = queue_->health();
  if (!health.trouble.empty()) {
    notices.push_back(fmt::format("queue: {}; {} records are in memory only", health.trouble,
                                  health.records_in_memory));
  }
  if (health.files_set_aside > 0) {
    notices.push_back(
        fmt::format("queue: a damaged file was set aside as {}", health.last_set_aside));
  }
  const alert::StoreHealth alerts = pipeline_->alert_health();
  if (!alerts.trouble.empty()) {
    notices.push_back(fmt::format("alerts: {}; states are in memory only", alerts.trouble));
  }
  if (!alerts.set_aside.empty()) {
    notices.push_back(fmt::format("alerts: a damaged file was set aside as {}", alerts.set_aside));
  }
  const auto contents = contents_of(pipeline_->work());
  std::map<std::string, int> stale;
  for (const plugin::Loaded& loaded : plugin::loaded_libraries()) {
    if (!contents.contains(loaded.content)) ++stale[loaded.file];
  }
  for (const auto& [file, count] : stale) {
    notices.push_back(
        fmt::format("{}: the code of {} earlier version{} stays in memory until a restart", file,
                    count, count == 1 ? "" : "s"));
  }
  for (const std::string& content : contents) {
    const auto suspect = services_.suspects().find(content);
    if (suspect) notices.push_back(isolation_notice(*suspect));
  }
  return notices;
}

control::Answer Agent::answer_status() {
  auto promise = std::make_shared<std::promise<std::string>>();
  auto result = promise->get_future();
  loop_.post([this, promise] { promise->set_value(control::to_json(status())); });
  if (result.wait_for(status_patience) != std::future_status::ready) {
    return plain(503, "the agent's loop is busy");
  }
  return {.body = result.get()};
}

control::Answer Agent::answer_reload() {
  auto promise = std::make_shared<std::promise<std::string>>();
  auto result = promise->get_future();
  loop_.post([this, promise] {
    begin_reload([promise](const std::string& error) { promise->set_value(error); });
  });
  const std::string error = result.get();
  return error.empty() ? plain(200, "reloaded") : plain(409, error);
}

control::Answer Agent::answer_stop() {
  loop_.post([this] { begin_stop(); });
  return plain(200, "stopping");
}

control::Answer Agent::answer_reset(std::string_view id) {
  const std::string name(id);
  const bool is_known = on_loop([&] { return pipeline_->forgive(name); });
  return is_known ? plain(200, "reset") : plain(404, name + ": no job or output with a plugin");
}

control::Answer Agent::answer_check(std::string_view name) {
  std::string check;
  Poco::URI::decode(std::string(name), check);
  auto promise = std::make_shared<std::promise<std::optional<LastResult>>>();
  auto result = promise->get_future();
  loop_.post([this, promise, check] { promise->set_value(pipeline_->last_result(check)); });
  if (result.wait_for(status_patience) != std::future_status::ready) {
    return plain(503, "the agent's loop is busy");
  }
  const std::optional<LastResult> last = result.get();
  if (!last) return plain(404, fmt::format("check \"{}\": there is none, or no result yet", check));
  return {.body = to_json(*last, clock_.wall())};
}

// Who may write to the socket may say who they are.
control::Answer Agent::answer_acknowledge(std::string_view body) {
  const auto request = parse_acknowledgement(body);
  if (!request) return plain(400, "expected {\"job\", \"by\"} and what shoal ack sends");
  const std::string fault = on_loop([&] {
    if (request->is_removal) return pipeline_->end_acknowledgement(request->job, request->by);
    const WallTime now = clock_.wall();
    alert::Acknowledgement acknowledgement{
        .by = request->by, .comment = request->comment, .at = now};
    if (request->duration) acknowledgement.until = now + *request->duration;
    return pipeline_->acknowledge(request->job, std::move(acknowledgement));
  });
  return fault.empty() ? plain(200, "done") : plain(409, fault);
}

control::Answer Agent::answer(std::string_view method, std::string_view path,
                              std::string_view body) {
  if (method == "GET" && path == "/status") return answer_status();
  constexpr std::string_view check = "/check/";
  if (method == "GET" && path.starts_with(check)) return answer_check(path.substr(check.size()));
  if (method == "POST" && path == "/reload") return answer_reload();
  if (method == "POST" && path == "/stop") return answer_stop();
  if (method == "POST" && path == "/ack") return answer_acknowledge(body);
  constexpr std::string_view reset = "/reset/";
  if (method == "POST" && path.starts_with(reset)) return answer_reset(path.substr(reset.size()));
  return plain(
      404, "GET /status or /check/NAME, POST /reload, POST /stop, POST /ack or POST /reset/JOB");
}

}  // namespace shoal::agent
