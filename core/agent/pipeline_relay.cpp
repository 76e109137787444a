// What the pipeline does for the relay: events from outside, which somebody waits for.
#include <future>
#include <memory>
#include <utility>

#include "agent/pipeline.h"

namespace shoal::agent {
namespace {

// An answer that is owed: not kept, if it is never given.
class Answer {
 public:
  Answer() = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() {
    if (!is_given_) promise_.set_value(relay::Kept::not_durable);
  }

  std::future<relay::Kept> future() { return promise_.get_future(); }
  void give(relay::Kept kept) {
    is_given_ = true;
    promise_.set_value(kept);
  }

 private:
  std::promise<relay::Kept> promise_;
  bool is_given_ = false;
};

}  // namespace

queue::OutputMask Pipeline::EventRoutes::of(const record::Record& event) const {
  const route::Mask mask = router.route(event);
  queue::OutputMask outputs = 0;
  for (std::size_t i = 0; i < masks.size(); ++i) {
    if ((mask >> i & 1) != 0) outputs |= masks[i];
  }
  return outputs;
}

std::shared_ptr<const Pipeline::EventRoutes> Pipeline::event_routes() const {
  const std::lock_guard lock(mutex_);
  return event_routes_;
}

bool Pipeline::keeps_event(const std::string& job) const {
  return event_routes()->of(record::Event{.job = job}) != 0;
}

relay::Kept Pipeline::keep(std::vector<record::Event> events) {
  const auto routes = event_routes();
  std::vector<queue::Entry> entries;
  for (record::Event& event : events) {
    queue::Entry entry{.record = std::move(event)};
    entry.outputs = routes->of(entry.record);
    if (entry.outputs == 0) return relay::Kept::no_output;
    entries.push_back(std::move(entry));
  }
  auto answer = std::make_shared<Answer>();
  auto kept = answer->future();
  recorder_->record_awaited(std::move(entries), [answer = std::move(answer)](relay::Kept outcome) {
    answer->give(outcome);
  });
  return kept.get();
}

}  // namespace shoal::agent
