#include "alert/alert_store.h"

#include <algorithm>
#include <system_error>

#include "alert/alert_file.h"
#include "base/log.h"
#include "store/set_aside.h"

namespace shoal::alert {
namespace {

constexpr std::chrono::seconds open_interval{10};
// Reminders show it; the whole text went with the event of the change.
constexpr std::size_t longest_text = 4096;

// Cut between characters.
void shorten(std::string& text) {
  if (text.size() <= longest_text) return;
  std::size_t end = longest_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
}

}  // namespace

AlertStore::AlertStore(std::string path, const Clock& clock)
    : path_(std::move(path)), clock_(clock) {
  open();
}

AlertStore::~AlertStore() = default;

std::vector<CheckState> AlertStore::states() const {
  std::vector<CheckState> all;
  for (const auto& [name, state] : states_) all.push_back(state);
  return all;
}

bool AlertStore::open() {
  if (file_) return true;
  // The second try is for a fresh file in place of a damaged one.
  for (int tries = 0; tries < 2 && !file_ && clock_.steady() >= next_open_; ++tries) {
    attempt([this] {
      file_ = std::make_unique<AlertFile>(path_);
      const bool has_news = is_loaded_ || !states_.empty() || !outbox_.empty();
      if (!is_loaded_) load();
      if (has_news) write_all();
    });
  }
  return file_ != nullptr;
}

// What is known by now is newer than what the file says.
void AlertStore::load() {
  for (CheckState& state : file_->states()) states_.try_emplace(state.name, state);
  auto events = file_->untold();
  outbox_.insert(outbox_.begin(), events.begin(), events.end());
  is_loaded_ = true;
}

void AlertStore::write_all() {
  store::Transaction transaction(file_->database());
  file_->clear();
  for (const auto& [name, state] : states_) file_->put(state);
  for (const record::Event& event : outbox_) file_->put(event);
  transaction.commit();
}

void AlertStore::save(const Changes& changes) {
  for (const CheckState& state : changes.states) {
    CheckState& kept = states_[state.name] = state;
    shorten(kept.text);
  }
  for (const std::string& name : changes.removed) states_.erase(name);
  outbox_.insert(outbox_.end(), changes.events.begin(), changes.events.end());
  if (!file_) {
    open();
    return;
  }
  attempt([&] {
    store::Transaction transaction(file_->database());
    for (const CheckState& state : changes.states) file_->put(states_.at(state.name));
    for (const std::string& name : changes.removed) file_->remove(name);
    for (const record::Event& event : changes.events) file_->put(event);
    transaction.commit();
  });
}

void AlertStore::mark_told(std::span<const std::string> event_ids) {
  std::erase_if(outbox_, [&](const record::Event& event) {
    return std::find(event_ids.begin(), event_ids.end(), event.id) != event_ids.end();
  });
  if (!file_) return;
  attempt([&] {
    store::Transaction transaction(file_->database());
    for (const std::string& id : event_ids) file_->mark_told(id);
    transaction.commit();
  });
}

StoreHealth AlertStore::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

template <class Act>
bool AlertStore::attempt(Act act) {
  try {
    act();
    const std::lock_guard lock(mutex_);
    if (!health_.trouble.empty()) log::info("alerts {}: written again", path_);
    health_.trouble.clear();
    return true;
  } catch (const store::StoreError& error) {
    on_failure(error);
    return false;
  }
}

void AlertStore::on_failure(const store::StoreError& error) {
  const std::lock_guard lock(mutex_);
  if (health_.trouble.empty()) log::error("alerts: {}", error.what());
  health_.trouble = error.what();
  file_.reset();
  next_open_ = clock_.steady() + open_interval;
  if (error.fault() != store::Fault::damaged) return;
  is_loaded_ = true;  // as far as it goes
  try {
    health_.set_aside = store::set_aside(path_, clock_.wall());
    next_open_ = {};
    log::error("alerts {}: set aside as {}, a fresh one is started", path_, health_.set_aside);
  } catch (const std::system_error& rename_error) {
    health_.trouble = rename_error.what();
  }
}

}  // namespace shoal::alert
