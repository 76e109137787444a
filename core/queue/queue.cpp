#include "queue/queue.h"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "queue/storage.h"
#include "record/encoding.h"

namespace shoal::queue {

// What the public face locks and forwards to.
class Queue::State {
 public:
  State(std::string path, const Clock& clock)
      : path_(path), clock_(clock), storage_(std::move(path), clock) {}

  std::mutex& mutex() const { return mutex_; }
  Storage& storage() { return storage_; }
  Ledger& ledger(OutputBit output) { return storage_.book()[static_cast<unsigned>(output)]; }

  OutputBit register_output(std::string_view name, const QueueLimits& limits);
  void append(Book& book, std::span<const Entry> entries);
  std::vector<Item> take(OutputBit output, const Selection& selection);
  void settle(Book& book, OutputBit output, std::span<const Settlement> settlements);
  void expire(Book& book);
  Accounts accounts(unsigned bit);

 private:
  // Unreadable rows that were met on the way.
  using Faulty = std::vector<Id>;

  unsigned place_for(std::string_view name) const;
  std::vector<Item> collect(Ledger& ledger, OutputMask mask, const Selection& selection,
                            Faulty& faulty);
  void remove_faulty(Book& book, const Faulty& faulty);
  void settle_oldest(Ledger& ledger, unsigned bit, Fate fate,
                     const std::function<bool(const Row&)>& is_meant);
  void drop_excess(Book& book);

  const std::string path_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  Storage storage_;
};

unsigned Queue::State::place_for(std::string_view name) const {
  const Book& book = storage_.book();
  const auto named = std::find_if(book.begin(), book.end(),
                                  [&](const Ledger& ledger) { return ledger.name == name; });
  if (named != book.end() || book.size() < max_outputs) {
    return static_cast<unsigned>(named - book.begin());
  }
  const auto unused = std::find_if(book.begin(), book.end(), [](const Ledger& ledger) {
    return !ledger.is_registered && ledger.accounts.pending == 0;
  });
  if (unused == book.end()) {
    throw Error(fmt::format("queue {}: output {}: expected at most {} outputs with records", path_,
                            name, max_outputs));
  }
  return static_cast<unsigned>(unused - book.begin());
}

OutputBit Queue::State::register_output(std::string_view name, const QueueLimits& limits) {
  const unsigned bit = place_for(name);
  storage_.write([&](Book& book) {
    if (bit == book.size()) book.emplace_back();
    if (book[bit].name != name) book[bit] = Ledger{.name = std::string(name)};
    book[bit].limits = limits;
    book[bit].is_registered = true;
  });
  return OutputBit{static_cast<std::uint8_t>(bit)};
}

void Queue::State::append(Book& book, std::span<const Entry> entries) {
  const WallTime now = clock_.wall();
  const OutputMask known = (OutputMask{1} << book.size()) - 1;
  std::string body;
  for (const Entry& entry : entries) {
    body.clear();
    record::encode(entry.record, body);
    const Row row{.id = storage_.next_id(),
                  .accepted_ms = unix_milliseconds(now),
                  .outputs = entry.outputs & known,
                  .body = body};
    if (row.outputs == 0) continue;
    storage_.insert(row);
    for_each(book, row.outputs,
             [&](Ledger& ledger) { ledger.accept(row.id, row.bytes(), row.accepted()); });
  }
  drop_excess(book);
}

void Queue::State::drop_excess(Book& book) {
  for (unsigned bit = 0; bit < book.size(); ++bit) {
    Ledger& ledger = book[bit];
    std::uint64_t left = ledger.accounts.pending_bytes;
    if (left <= ledger.limits.bytes) continue;
    settle_oldest(ledger, bit, Fate::dropped, [&](const Row& row) {
      const bool is_excess = left > ledger.limits.bytes;
      left -= std::min(left, row.bytes());
      return is_excess;
    });
  }
}

void Queue::State::expire(Book& book) {
  for (unsigned bit = 0; bit < book.size(); ++bit) {
    const WallTime oldest_allowed = clock_.wall() - book[bit].limits.age;
    const auto& oldest = book[bit].accounts.oldest_pending;
    if (book[bit].accounts.pending == 0 || (oldest && *oldest >= oldest_allowed)) continue;
    settle_oldest(book[bit], bit, Fate::expired,
                  [&](const Row& row) { return row.accepted() < oldest_allowed; });
  }
}

// Settles rows from the oldest on, as long as they are meant.
void Queue::State::settle_oldest(Ledger& ledger, unsigned bit, Fate fate,
                                 const std::function<bool(const Row&)>& is_meant) {
  const OutputMask mask = OutputMask{1} << bit;
  // So that one call does not hold the mutex for long.
  constexpr std::size_t at_most = 50'000;
  std::vector<Id> ids;
  storage_.scan(mask, {ledger.low, ledger.high}, Selection::Lane::oldest, [&](const Row& row) {
    if (ids.size() == at_most || !is_meant(row)) return false;
    ids.push_back(row.id);
    return true;
  });
  for (const Id id : ids) {
    const Row row = storage_.find_scanned(id);
    ledger.settle(id, fate, row.bytes());
    storage_.clear(row, mask);
  }
}

std::vector<Item> Queue::State::take(OutputBit output, const Selection& selection) {
  std::vector<Item> items;
  Faulty faulty;
  storage_.read([&] { items = collect(ledger(output), mask_of(output), selection, faulty); });
  if (!faulty.empty()) storage_.write([&](Book& book) { remove_faulty(book, faulty); });
  if (selection.lane == Selection::Lane::newest) std::reverse(items.begin(), items.end());
  return items;
}

std::vector<Item> Queue::State::collect(Ledger& ledger, OutputMask mask, const Selection& selection,
                                        Faulty& faulty) {
  const Range range{std::max(selection.after + 1, ledger.low),
                    std::min(selection.upto, ledger.high)};
  std::vector<Item> items;
  if (ledger.accounts.pending == 0 || range.first > range.last) return items;

  std::size_t bytes = 0;
  std::optional<Id> first_seen;
  storage_.scan(mask, range, selection.lane, [&](const Row& row) {
    if (!first_seen) first_seen = row.id;
    bytes += row.body.size();
    if (!items.empty() && bytes > selection.max_bytes) return false;
    auto record = row.is_sound ? record::decode(row.body) : std::nullopt;
    if (record) {
      items.push_back({row.id, std::move(*record)});
    } else {
      faulty.push_back(row.id);
    }
    return items.size() < selection.max_records &&
           items.size() + faulty.size() < ledger.accounts.pending;
  });
  if (selection.lane == Selection::Lane::oldest && range.first == ledger.low) {
    ledger.raise_low(first_seen.value_or(range.last + 1));
  }
  if (selection.lane == Selection::Lane::newest && range.last == ledger.high) {
    ledger.high = first_seen.value_or(range.first - 1);
  }
  return items;
}

// A damaged row is lost for all its outputs; one that is whole but cannot be understood, because
// another version wrote it, goes to the dead letters.
void Queue::State::remove_faulty(Book& book, const Faulty& faulty) {
  for (const Id id : faulty) {
    const Row row = storage_.find_scanned(id);
    for_each(book, row.outputs, [&](Ledger& ledger) {
      if (row.is_sound) {
        storage_.add_dead_letter({.at = clock_.wall(),
                                  .output = ledger.name,
                                  .reason = "stored in a format that this version does not know",
                                  .body = std::string(row.body)});
      }
      ledger.settle(id, row.is_sound ? Fate::rejected : Fate::lost, row.bytes());
    });
    storage_.clear(row, row.outputs);
  }
}

void Queue::State::settle(Book& book, OutputBit output, std::span<const Settlement> settlements) {
  Ledger& ledger = book[static_cast<unsigned>(output)];
  for (const Settlement& settlement : settlements) {
    const auto row = storage_.find(settlement.id);
    if (!row || (row->outputs & mask_of(output)) == 0) continue;
    if (settlement.fate == Fate::rejected) {
      storage_.add_dead_letter({.at = clock_.wall(),
                                .output = ledger.name,
                                .reason = settlement.reason,
                                .body = std::string(row->body)});
    }
    ledger.settle(row->id, settlement.fate, row->bytes());
    storage_.clear(*row, mask_of(output));
  }
}

Accounts Queue::State::accounts(unsigned bit) {
  Ledger& ledger = storage_.book()[bit];
  if (ledger.accounts.pending > 0 && !ledger.accounts.oldest_pending) {
    storage_.read([&] {
      storage_.scan(OutputMask{1} << bit, {ledger.low, ledger.high}, Selection::Lane::oldest,
                    [&](const Row& row) {
                      ledger.low = row.id;
                      ledger.accounts.oldest_pending = row.accepted();
                      return false;
                    });
    });
  }
  return storage_.book()[bit].accounts;
}

Queue::Queue(std::string path, const Clock& clock)
    : state_(std::make_unique<State>(std::move(path), clock)) {}

Queue::~Queue() = default;

OutputBit Queue::output(std::string_view name, const QueueLimits& limits) {
  const std::lock_guard lock(state_->mutex());
  return state_->register_output(name, limits);
}

void Queue::retire(OutputBit output) {
  const std::lock_guard lock(state_->mutex());
  state_->ledger(output).is_registered = false;
}

bool Queue::append(std::span<const Entry> entries) {
  const std::lock_guard lock(state_->mutex());
  return state_->storage().write([&](Book& book) { state_->append(book, entries); });
}

double Queue::fill(OutputMask outputs, std::uint64_t further_bytes) const {
  const std::lock_guard lock(state_->mutex());
  double fullest = 0;
  for_each(state_->storage().book(), outputs, [&](Ledger& ledger) {
    const auto pending = static_cast<double>(ledger.accounts.pending_bytes + further_bytes);
    fullest = std::max(fullest, pending / static_cast<double>(ledger.limits.bytes));
  });
  return fullest;
}

std::vector<Item> Queue::take(OutputBit output, const Selection& selection) {
  const std::lock_guard lock(state_->mutex());
  return state_->take(output, selection);
}

void Queue::settle(OutputBit output, std::span<const Settlement> settlements) {
  const std::lock_guard lock(state_->mutex());
  state_->storage().write([&](Book& book) { state_->settle(book, output, settlements); });
}

void Queue::enforce_limits() {
  const std::lock_guard lock(state_->mutex());
  state_->storage().write([&](Book& book) { state_->expire(book); });
  state_->storage().shrink();
}

std::uint64_t Queue::pending(OutputBit output) const {
  const std::lock_guard lock(state_->mutex());
  return state_->ledger(output).accounts.pending;
}

Accounts Queue::accounts(OutputBit output) {
  const std::lock_guard lock(state_->mutex());
  return state_->accounts(static_cast<unsigned>(output));
}

std::vector<OutputAccounts> Queue::all_accounts() {
  const std::lock_guard lock(state_->mutex());
  std::vector<OutputAccounts> all;
  for (unsigned bit = 0; bit < state_->storage().book().size(); ++bit) {
    Accounts accounts = state_->accounts(bit);
    const Ledger& ledger = state_->storage().book()[bit];
    if (!ledger.is_registered && accounts.pending == 0) continue;
    all.push_back({ledger.name, ledger.is_registered, accounts});
  }
  return all;
}

Id Queue::last_id() const {
  const std::lock_guard lock(state_->mutex());
  return state_->storage().last_id();
}

std::vector<DeadLetter> Queue::dead_letters(std::size_t count) {
  const std::lock_guard lock(state_->mutex());
  return state_->storage().dead_letters(count);
}

Health Queue::health() const {
  const std::lock_guard lock(state_->mutex());
  return state_->storage().health();
}

}  // namespace shoal::queue
