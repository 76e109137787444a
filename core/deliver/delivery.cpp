#include "deliver/delivery.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/log.h"
#include "record/record.h"

namespace shoal::deliver {
namespace {

using plugin::CallStatus;
using plugin::DeliveryReport;
using plugin::Verdict;
using queue::Fate;
using queue::Selection;

// Between the parts of a refused batch: quick, but no flood if all of it is bad.
constexpr std::chrono::milliseconds isolation_interval{100};
// No receiver means to wait longer; a wrong clock may seem to.
constexpr std::chrono::hours longest_gate{1};

bool is_fine(CallStatus status) {
  return status == CallStatus::ok || status == CallStatus::nothing;
}

bool needs_a_person(CallStatus status) {
  return status == CallStatus::auth || status == CallStatus::config ||
         status == CallStatus::permission || status == CallStatus::unsupported;
}

// The kinds that someone may be in a hurry for.
bool may_be_urgent(const record::Record& record) {
  const auto kind = record::kind_of(record);
  return kind == record::Kind::check_result || kind == record::Kind::event;
}

std::string_view reason_of(std::string_view reason) {
  return reason.empty() ? "it gave no reason" : reason;
}

std::vector<queue::Settlement> all_of(const std::vector<queue::Item>& items, Fate fate,
                                      std::string_view reason) {
  std::vector<queue::Settlement> settlements;
  for (const queue::Item& item : items) settlements.push_back({item.id, fate, std::string(reason)});
  return settlements;
}

}  // namespace

Delivery::Delivery(Source& source, plugin::Instance& instance, const Clock& clock,
                   DeliverySettings settings, const Backoff::Random& random)
    : source_(source),
      instance_(instance),
      clock_(clock),
      settings_(std::move(settings)),
      pace_(settings_.pace, random),
      start_backoff_(settings_.pace.first_retry, settings_.pace.longest_retry, random) {
  if (source_.pending() > 0) make_backlog(source_.last_id());
  state_.since = clock_.wall();
}

SteadyTime Delivery::step() {
  const SteadyTime now = clock_.steady();
  if (is_stopped_) return SteadyTime::max();
  if (!is_started_ && now >= next_start_) start(now);
  if (!is_started_) return next_start_;

  auto batch = next_batch(now);
  if (!batch && now >= next_heartbeat()) batch.emplace();
  if (batch) offer(*batch, now + settings_.timeout);
  const SteadyTime next = next_time(now, batch.has_value());
  show_rest(next);
  return next;
}

void Delivery::start(SteadyTime now) {
  const SteadyTime deadline = now + settings_.timeout;
  set_call_deadline(deadline);
  const auto report = instance_.start({.scheduled = clock_.wall(), .deadline = deadline});
  set_call_deadline({});
  is_started_ = is_fine(report.status);
  if (is_started_) return;

  std::chrono::milliseconds wait = start_backoff_.next();
  if (needs_a_person(report.status)) wait = std::max(wait, settings_.pace.slow_retry);
  next_start_ = clock_.steady() + wait;
  note_failure("start: " + std::string(reason_of(report.reason)), next_start_);
}

std::optional<Delivery::Batch> Delivery::next_batch(SteadyTime now) {
  if (!suspects_.empty()) {
    if (now < next_suspect_) return std::nullopt;
    Batch batch = std::move(suspects_.front());
    suspects_.pop_front();
    return batch;
  }
  if (auto batch = urgent_batch(now)) return batch;
  for (const Lane lane : {Lane::fresh, Lane::backlog}) {
    const bool is_open = lane == Lane::fresh || has_backlog_;
    if (!is_open || now < pace_.earliest(lane)) continue;
    Batch batch = take(lane);
    if (!batch.items.empty()) return batch;
    pace_.clear_failures(lane);
    if (lane == Lane::backlog) has_backlog_ = false;
  }
  return std::nullopt;
}

std::optional<Delivery::Batch> Delivery::urgent_batch(SteadyTime now) {
  if (!is_hurried_ || now < pace_.earliest_urgent()) return std::nullopt;
  is_hurried_ = false;
  // The regular batch, if it is due, has them too.
  if (now >= pace_.earliest(Lane::fresh)) return std::nullopt;
  Batch batch = take(Lane::fresh, true);
  std::erase_if(batch.items, [](const queue::Item& item) { return !may_be_urgent(item.record); });
  return batch.items.empty() ? std::nullopt : std::optional(std::move(batch));
}

Delivery::Batch Delivery::take(Lane lane, bool is_urgent) {
  Batch batch{.lane = lane, .is_urgent = is_urgent};
  Selection selection{.max_records = settings_.max_records, .max_bytes = settings_.max_bytes};
  if (lane == Lane::backlog) {
    selection.upto = watermark_;
  } else {
    batch.is_newest = is_urgent || pace_.failures(Lane::fresh) > 0;
    selection.after = watermark_;
    selection.lane = batch.is_newest ? Selection::Lane::newest : Selection::Lane::oldest;
  }
  batch.accepted_upto = source_.last_id();
  bool is_exhausted = source_.pending() == 0;
  while (batch.items.empty() && !is_exhausted) {
    batch.items = source_.take(selection);
    is_exhausted = batch.items.empty();
    expire(batch.items);
  }
  return batch;
}

void Delivery::expire(std::vector<queue::Item>& items) {
  if (settings_.max_age == std::chrono::seconds::zero()) return;
  const WallTime oldest_wanted = clock_.wall() - settings_.max_age;
  const auto first_old = std::stable_partition(
      items.begin(), items.end(),
      [&](const queue::Item& item) { return record::time_of(item.record) >= oldest_wanted; });
  if (first_old == items.end()) return;
  const std::vector<queue::Item> old(std::make_move_iterator(first_old),
                                     std::make_move_iterator(items.end()));
  items.erase(first_old, items.end());
  source_.settle(all_of(old, Fate::expired, {}));
}

SteadyTime Delivery::next_time(SteadyTime now, bool has_offered) const {
  if (!suspects_.empty()) return next_suspect_;
  SteadyTime next = next_heartbeat();
  if (source_.pending() == 0) return next;
  if (is_hurried_) next = std::min(next, pace_.earliest_urgent());
  const SteadyTime fresh = pace_.earliest(Lane::fresh);
  // If the lane was open and yet there was no batch, it has nothing until someone tells.
  if (has_offered || fresh > now) next = std::min(next, fresh);
  if (has_backlog_) next = std::min(next, pace_.earliest(Lane::backlog));
  return next;
}

SteadyTime Delivery::next_heartbeat() const {
  if (settings_.heartbeat == std::chrono::milliseconds::zero()) return SteadyTime::max();
  return std::max(last_offer_ + settings_.heartbeat, pace_.earliest_urgent());
}

Delivery::Progress Delivery::offer(const Batch& batch, SteadyTime deadline) {
  show(Activity::delivering);
  const DeliveryReport report = call_instance(batch, deadline);
  const Progress progress = judge(batch, report);
  if (report.next_offer && !batch.is_urgent) respect_next_offer(batch, *report.next_offer);
  return progress;
}

DeliveryReport Delivery::call_instance(const Batch& batch, SteadyTime deadline) {
  std::vector<record::Record> records;
  records.reserve(batch.items.size());
  for (const queue::Item& item : batch.items) records.push_back(item.record);
  set_call_deadline(deadline);
  DeliveryReport report = instance_.deliver(
      {.scheduled = clock_.wall(), .deadline = deadline, .attempt = pace_.failures(batch.lane) + 1},
      records);
  set_call_deadline({});
  last_offer_ = clock_.steady();
  return report;
}

Delivery::Progress Delivery::judge(const Batch& batch, const DeliveryReport& report) {
  if (report.status == CallStatus::rejected) return isolate(batch, report);
  if (!is_fine(report.status)) return keep(batch, report);
  if (report.verdicts.size() == batch.items.size()) return settle(batch, report);
  DeliveryReport broken = report;
  broken.status = CallStatus::bug;
  broken.reason =
      fmt::format("expected {} verdicts, got {}", batch.items.size(), report.verdicts.size());
  return keep(batch, broken);
}

Delivery::Progress Delivery::settle(const Batch& batch, const DeliveryReport& report) {
  std::vector<queue::Settlement> settlements;
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    if (report.verdicts[i] == Verdict::retry) continue;
    const bool is_delivered = report.verdicts[i] == Verdict::delivered;
    settlements.push_back({batch.items[i].id, is_delivered ? Fate::delivered : Fate::rejected,
                           is_delivered ? "" : std::string(reason_of(report.reason))});
  }
  if (settlements.empty() && report.retry_after) return postpone(batch, *report.retry_after);
  if (settlements.empty() && !batch.items.empty()) return keep(batch, report);
  if (!settlements.empty()) source_.settle(settlements);
  const bool is_all = settlements.size() == batch.items.size();
  succeed(batch, is_all ? Progress::all : Progress::some);
  // An output that says when it wants more says it of these too.
  if (!is_all && !report.next_offer && !batch.is_urgent) pace_.kept_some(clock_.steady());
  return is_all ? Progress::all : Progress::some;
}

// The whole batch was refused: its halves are offered one after the other until the bad record is
// alone.
Delivery::Progress Delivery::isolate(const Batch& batch, const DeliveryReport& report) {
  if (batch.items.size() == 1) {
    log::warning("output {}: rejected {}: {}", settings_.output,
                 record::route_key(batch.items.front().record), reason_of(report.reason));
    source_.settle(all_of(batch.items, Fate::rejected, reason_of(report.reason)));
    succeed(batch, Progress::all);
    return Progress::all;
  }
  const auto middle = batch.items.begin() + static_cast<std::ptrdiff_t>(batch.items.size() / 2);
  Batch first = batch;
  first.is_suspect = true;
  Batch second = first;
  first.items.assign(batch.items.begin(), middle);
  second.items.assign(middle, batch.items.end());
  suspects_.push_front(std::move(second));
  suspects_.push_front(std::move(first));
  next_suspect_ = clock_.steady() + isolation_interval;
  return Progress::none;
}

Delivery::Progress Delivery::keep(const Batch& batch, const DeliveryReport& report) {
  suspects_.clear();
  if (batch.is_urgent) is_hurried_ = true;
  const SteadyTime next =
      pace_.failed(batch.lane, clock_.steady(), needs_a_person(report.status), report.retry_after);
  note_failure(reason_of(report.reason), next);
  return Progress::none;
}

// Nothing failed: the output gathers more, or it is not its turn yet.
Delivery::Progress Delivery::postpone(const Batch& batch, std::chrono::milliseconds wait) {
  if (batch.is_urgent) is_hurried_ = true;
  if (batch.is_suspect) suspects_.push_front(batch);
  next_suspect_ = clock_.steady() + wait;
  pace_.hold(next_suspect_);
  return Progress::none;
}

void Delivery::succeed(const Batch& batch, Progress progress) {
  pace_.succeeded(batch.lane, clock_.steady());
  note_success();
  if (batch.is_urgent) return;
  const bool leaves_some = batch.is_newest || progress == Progress::some;
  if (batch.lane == Lane::fresh && leaves_some) make_backlog(batch.items.back().id);
}

void Delivery::respect_next_offer(const Batch& batch, WallTime next_offer) {
  const auto wait = std::clamp(next_offer - clock_.wall(), std::chrono::nanoseconds::zero(),
                               std::chrono::nanoseconds(longest_gate));
  pace_.close_gate(clock_.steady() + wait);
  // What did not fit into the batch need not wait for the gate.
  const bool is_done = pace_.failures(Lane::fresh) == 0 && suspects_.empty();
  if (is_done && batch.lane == Lane::fresh && source_.pending() > 0) {
    make_backlog(batch.accepted_upto);
  }
}

void Delivery::make_backlog(queue::Id watermark) {
  watermark_ = std::max(watermark_, watermark);
  if (!has_backlog_) pace_.succeeded(Lane::backlog, clock_.steady());
  has_backlog_ = true;
}

void Delivery::finish(SteadyTime deadline) {
  suspects_.clear();
  while (is_started_ && clock_.steady() < deadline) {
    const Batch batch = take(Lane::fresh);
    const SteadyTime usual = clock_.steady() + settings_.timeout;
    if (batch.items.empty() || offer(batch, std::min(usual, deadline)) != Progress::all) break;
  }
  if (is_started_) {
    set_call_deadline(deadline);
    instance_.stop({.scheduled = clock_.wall(), .deadline = deadline});
    set_call_deadline({});
  }
  is_stopped_ = true;
  show(Activity::stopped);
}

}  // namespace shoal::deliver
