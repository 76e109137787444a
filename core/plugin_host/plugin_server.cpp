#include "plugin_host/plugin_server.h"

#include <algorithm>
#include <thread>
#include <unistd.h>
#include <utility>

#include "base/error.h"
#include "plugin/module.h"
#include "plugin_host/fault_handler.h"

namespace shoal::plugin_host {
namespace {

namespace wire = plugin::wire;
using plugin::CallStatus;

// Small enough that a round as large as may be is no frame that may not be.
constexpr std::size_t most_samples_in_frame = 1000;

wire::Done done(std::uint64_t id, CallStatus status, std::string reason) {
  wire::Done message;
  message.id = id;
  message.status = status;
  message.reason = std::move(reason);
  return message;
}

}  // namespace

PluginServer::PluginServer(AgentLink& agent, std::string library)
    : agent_(agent),
      library_(std::move(library)),
      services_(agent),
      host_(std::make_shared<const plugin::HostTable>(plugin::Services{.clock = clock_,
                                                                       .log = &services_,
                                                                       .state = &services_,
                                                                       .http = &services_,
                                                                       .identity = &services_})) {}

void PluginServer::run() {
  std::thread([this] { work(); }).detach();
  while (auto message = agent_.next()) {
    if (const auto* cancelled = std::get_if<wire::Cancel>(&*message)) {
      cancel(cancelled->id);
    } else if (auto* create = std::get_if<wire::Create>(&*message)) {
      hand_over(std::move(*create));
    } else if (auto* begin = std::get_if<wire::Begin>(&*message)) {
      hand_over(std::move(*begin));
    }
  }
  leave();
}

void PluginServer::hand_over(Task task) {
  const std::lock_guard lock(mutex_);
  running_ = std::visit([](const auto& one) { return one.id; }, task);
  task_ = std::move(task);
  changed_.notify_all();
}

void PluginServer::cancel(std::uint64_t call) {
  const std::lock_guard lock(mutex_);
  if (call == running_ && plugin_ != nullptr) plugin_->context().cancel();
}

// Not by exit(): destructors of the plugin's library would run beside threads that it left behind.
void PluginServer::leave() {
  const std::lock_guard lock(mutex_);
  if (running_ == 0) plugin_.reset();
  _exit(0);
}

void PluginServer::work() {
  use_own_fault_stack();
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return task_.has_value(); });
    const Task task = *std::exchange(task_, std::nullopt);
    lock.unlock();
    std::visit([this](const auto& one) { serve(one); }, task);
  }
}

void PluginServer::serve(const wire::Create& create) {
  wire::Done message = done(create.id, CallStatus::ok, {});
  try {
    const auto& module = plugin::open_module(create.job, library_, create.kind);
    watch_for_faults_in(reinterpret_cast<const void*>(module.create));
    auto made = std::make_unique<plugin::HostedPlugin>(
        create.kind, module, host_,
        plugin::Context::Settings{.job = create.job,
                                  .output = {},
                                  .options_json = create.options_json,
                                  .series = {},
                                  .is_verbatim = true});
    auto answer = made->create();
    message = done(create.id, answer.status, std::move(answer.reason));
    const std::lock_guard lock(mutex_);
    plugin_ = std::move(made);
  } catch (const Error& error) {
    message = done(create.id, CallStatus::config, error.what());
  }
  {
    const std::lock_guard lock(mutex_);
    running_ = 0;
  }
  agent_.send(message);
}

void PluginServer::serve(const wire::Begin& begin) {
  const plugin::Call call{begin.scheduled, clock_.steady() + begin.timeout, begin.attempt};
  switch (begin.act) {
    case wire::Act::start:
      return answer(begin, plugin_->start(call));
    case wire::Act::stop:
      return answer(begin, plugin_->stop(call));
    case wire::Act::collect:
    case wire::Act::check:
      return answer(begin, plugin_->run(call));
    case wire::Act::deliver:
      return serve_delivery(begin, call);
  }
}

void PluginServer::serve_delivery(const wire::Begin& begin, const plugin::Call& call) {
  auto report = plugin_->deliver(call, begin.records);
  auto message = done(begin.id, report.status, std::move(report.reason));
  message.verdicts = std::move(report.verdicts);
  message.retry_after = report.retry_after;
  message.next_offer = report.next_offer;
  {
    const std::lock_guard lock(mutex_);
    running_ = 0;
  }
  agent_.send(message);
}

void PluginServer::answer(const wire::Begin& begin, plugin::HostedPlugin::Answer answer) {
  auto message = done(begin.id, answer.status, std::move(answer.reason));
  message.report = std::move(answer.said.report);
  message.dropped = answer.said.dropped;
  send_samples(begin.id, answer.said);
  {
    const std::lock_guard lock(mutex_);
    running_ = 0;
  }
  agent_.send(message);
}

void PluginServer::send_samples(std::uint64_t call, const plugin::Context::Said& said) {
  wire::Samples frame{call, {}};
  for (const auto& point : said.points) {
    frame.samples.push_back(
        {plugin_->context().definition(point.series), point.value, point.time_ns});
    if (frame.samples.size() < most_samples_in_frame) continue;
    agent_.send(frame);
    frame.samples.clear();
  }
  if (!frame.samples.empty()) agent_.send(frame);
}

}  // namespace shoal::plugin_host
