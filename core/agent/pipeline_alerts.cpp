// What the pipeline does for alerts: results in, events out, time passed on, states shown.
#include <utility>

#include "agent/pipeline.h"

namespace shoal::agent {
namespace {

constexpr std::string_view check_prefix = "check:";

std::string_view name_of(std::string_view job) {
  return job.starts_with(check_prefix) ? job.substr(check_prefix.size()) : job;
}

}  // namespace

alert::Moment Pipeline::moment() const {
  return {.wall = around_.clock.wall(), .steady = around_.clock.steady()};
}

void Pipeline::apply_alerts(const std::vector<Job>& jobs,
                            std::vector<config::SilenceSettings> silences) {
  std::vector<config::JobSettings> checks;
  for (const Job& job : jobs) {
    if (job.settings.kind == config::JobKind::check) checks.push_back(job.settings);
  }
  silences_ = std::move(silences);
  tell_again();
  heed(alerts_.configure(checks, silences_, moment()));
}

void Pipeline::begin_anew() {
  const auto own = alerts_.picture("shoal", moment());
  if (own && own->state.is_problem()) say(record::Status::ok, "the agent was started again");
}

// A kill came between saving an event and queueing it, or between that and noting it.
void Pipeline::tell_again() {
  std::vector<queue::Entry> entries;
  for (record::Event& event : std::exchange(untold_, {})) entries.push_back(routed(event));
  if (entries.empty()) return;
  recorder_->record_alerts({}, std::move(entries));
  recorder_->record({});
}

void Pipeline::heed(const record::CheckResult& result) {
  note_changes(alerts_.accept(result, moment()));
}

void Pipeline::heed(alert::Changes changes) {
  if (note_changes(std::move(changes))) recorder_->record({});
}

// To be followed by a round, which is what wakes the recorder; true if there is anything in it.
bool Pipeline::note_changes(alert::Changes changes) {
  arm_alert_timer();
  if (changes.empty()) return false;
  std::vector<queue::Entry> entries;
  for (const record::Event& event : changes.events) entries.push_back(routed(event));
  recorder_->record_alerts(std::move(changes), std::move(entries));
  return true;
}

void Pipeline::pass_time() {
  heed(alerts_.advance(moment()));
}

void Pipeline::arm_alert_timer() {
  const auto due = alerts_.next_due();
  if (due == alert_due_) return;
  around_.timers.cancel(alert_timer_);
  alert_due_ = due;
  if (!due) return;
  alert_timer_ = around_.timers.call_at(*due, [this] {
    alert_due_.reset();
    if (recorder_ != nullptr) pass_time();
  });
}

// On the queue thread.
void Pipeline::on_commit(Recorder::Commit commit) {
  {
    const std::lock_guard lock(mutex_);
    committed_events_.insert(committed_events_.end(), commit.events.begin(), commit.events.end());
  }
  around_.loop.post([this, outputs = commit.outputs, urgent = commit.urgent] {
    hand_over_events();
    notify_outputs(outputs, urgent);
  });
}

// To the outputs that keep their records themselves; the queue holds them for the others.
void Pipeline::hand_over_events() {
  std::vector<record::Event> events;
  {
    const std::lock_guard lock(mutex_);
    events = std::exchange(committed_events_, {});
  }
  for (const record::Record& event : std::vector<record::Record>(events.begin(), events.end())) {
    const route::Mask mask = router_.route(event);
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      if ((mask >> i & 1) != 0 && outputs_[i]->mask() == 0) outputs_[i]->accept(event);
    }
  }
}

std::string Pipeline::acknowledge(std::string_view job, alert::Acknowledgement acknowledgement) {
  std::string fault;
  heed(alerts_.acknowledge(name_of(job), std::move(acknowledgement), moment(), fault));
  return fault;
}

std::string Pipeline::end_acknowledgement(std::string_view job, const std::string& by) {
  std::string fault;
  heed(alerts_.end_acknowledgement(name_of(job), by, moment(), fault));
  return fault;
}

alert::StoreHealth Pipeline::alert_health() const {
  return recorder_ == nullptr ? alert::StoreHealth{} : recorder_->alert_health();
}

std::optional<control::CheckStatus> Pipeline::check_status(const std::string& id) const {
  if (!id.starts_with(check_prefix)) return std::nullopt;
  const auto picture = alerts_.picture(name_of(id), moment());
  if (!picture) return std::nullopt;
  const alert::CheckState& state = picture->state;
  const alert::Standing& standing = state.standing;
  const bool is_heard = standing.status_since != WallTime{};
  control::CheckStatus status{.status = std::string(record::status_name(standing.status)),
                              .hard_status = std::string(record::status_name(standing.hard)),
                              .is_heard = is_heard,
                              .attempts = standing.attempts,
                              .max_attempts = picture->max_attempts,
                              .text = state.text.substr(0, state.text.find('\n')),
                              .is_flapping = standing.flapping.is_on(),
                              .is_stale = standing.is_stale,
                              .silence = picture->silence,
                              .waits_for = picture->waits_for,
                              .held_back = standing.held_back};
  status.is_silenced = !status.silence.empty();
  if (is_heard) status.since = state.is_soft() ? standing.status_since : standing.since;
  if (state.acknowledgement) {
    status.is_acknowledged = true;
    status.acknowledged_by = state.acknowledgement->by;
    status.acknowledged_until = state.acknowledgement->until;
    status.comment = state.acknowledgement->comment;
  }
  return status;
}

}  // namespace shoal::agent
