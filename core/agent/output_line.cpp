#include "agent/output_line.h"

#include "base/log.h"
#include "deliver/queue_source.h"

namespace shoal::agent {
namespace {

deliver::DeliverySettings delivery_settings(const Output& output) {
  deliver::DeliverySettings settings{.output = output.settings.name,
                                     .timeout = output.settings.timeout};
  const plugin::BatchLimits& batch = output.manifest.batch;
  if (batch.max_records) settings.max_records = *batch.max_records;
  if (batch.max_bytes) settings.max_bytes = *batch.max_bytes;
  if (batch.backlog_interval) settings.pace.backlog_interval = *batch.backlog_interval;
  if (batch.heartbeat) settings.set_heartbeat(*batch.heartbeat);
  if (output.manifest.max_age) settings.max_age = *output.manifest.max_age;
  return settings;
}

}  // namespace

OutputLine::OutputLine(Output output, queue::Queue* queue, const Clock& clock)
    : output_(std::move(output)), queue_(queue) {
  const queue::QueueLimits limits{.bytes = output_.settings.queue_limit_bytes,
                                  .age = output_.settings.queue_limit_age};
  std::unique_ptr<deliver::Source> source;
  if (output_.manifest.is_durable && queue_ != nullptr) {
    bit_ = queue_->output(output_.settings.name, limits);
    source = std::make_unique<deliver::QueueSource>(*queue_, *bit_);
  } else {
    auto memory = std::make_unique<deliver::MemorySource>(clock);
    memory_ = memory.get();
    source = std::move(memory);
  }
  worker_ = std::make_unique<deliver::Worker>(std::move(source), output_.instance, clock,
                                              delivery_settings(output_));
  worker_->start();
}

OutputLine::~OutputLine() {
  // A thread that does not end would be waited for; the process ends by _exit instead.
  if (is_stuck_) static_cast<void>(worker_.release());
}

queue::OutputMask OutputLine::accept(const record::Record& record) {
  if (memory_ != nullptr) {
    memory_->append({&record, 1});
    worker_->notify();
  }
  return mask();
}

void OutputLine::notify() {
  worker_->notify();
}

void OutputLine::hurry() {
  worker_->hurry();
}

void OutputLine::stop(SteadyTime deadline) {
  is_stuck_ = !worker_->stop(deadline);
  if (is_stuck_)
    log::error("output {}: its plugin does not return; given up", output_.settings.name);
  if (bit_) queue_->retire(*bit_);
}

control::OutputStatus OutputLine::status() const {
  const deliver::State state = worker_->state();
  const queue::Accounts accounts = worker_->accounts();
  return {.name = output_.settings.name,
          .plugin = output_.settings.plugin,
          .state = std::string(deliver::activity_name(state.activity)),
          .last_error = state.failures > 0 ? state.last_error : "",
          .failing_since = state.failing_since,
          .last_success = state.last_success,
          .next_try = state.next_try,
          .oldest_pending = accounts.oldest_pending,
          .pending_bytes = accounts.pending_bytes,
          .is_durable = memory_ == nullptr,
          .accepted = accounts.accepted,
          .delivered = accounts.delivered,
          .rejected = accounts.rejected,
          .expired = accounts.expired,
          .dropped = accounts.dropped,
          .lost = accounts.lost,
          .pending = accounts.pending};
}

}  // namespace shoal::agent
