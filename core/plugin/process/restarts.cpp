#include "plugin/process/restarts.h"

#include <chrono>
#include <utility>

namespace shoal::plugin {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds first_wait{1};
constexpr std::chrono::minutes longest_wait{5};
constexpr std::chrono::minutes watch{10};
constexpr std::size_t too_many = 5;
constexpr std::chrono::hours quarantine{1};

}  // namespace

Restarts::Restarts(Backoff::Random random)
    : backoff_(first_wait, longest_wait, std::move(random)) {}

void Restarts::note_death(SteadyTime now) {
  ++deaths_;
  recent_.push_back(now);
  while (recent_.front() + watch < now) recent_.pop_front();
  if (recent_.size() >= too_many) is_quarantined_ = true;
  not_before_ = now + (is_quarantined_ ? std::chrono::nanoseconds(quarantine)
                                       : std::chrono::nanoseconds(backoff_.next()));
}

std::optional<SteadyTime> Restarts::not_before(SteadyTime now) const {
  return not_before_ && *not_before_ > now ? not_before_ : std::nullopt;
}

void Restarts::note_life(SteadyTime since, SteadyTime now) {
  if (now - since >= watch) forgive();
}

void Restarts::forgive() {
  backoff_.reset();
  recent_.clear();
  not_before_.reset();
  is_quarantined_ = false;
}

}  // namespace shoal::plugin
