#include "queue/storage.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "base/log.h"
#include "store/set_aside.h"

namespace shoal::queue {
namespace {

constexpr std::uint64_t memory_limit = 8 << 20;
constexpr std::chrono::seconds retry_interval{10};
constexpr OutputMask every_output = (OutputMask{1} << max_outputs) - 1;

unsigned place_for(const Book& book, std::string_view name, unsigned preferred) {
  for (unsigned bit = 0; bit < book.size(); ++bit) {
    if (book[bit].name == name) return bit;
  }
  if (preferred >= book.size() || book[preferred].name.empty()) return preferred;
  for (unsigned bit = 0; bit < book.size(); ++bit) {
    if (book[bit].name.empty()) return bit;
  }
  return static_cast<unsigned>(book.size());
}

void add_settled(Accounts& to, const Accounts& from) {
  to.accepted += from.accepted;
  to.delivered += from.delivered;
  to.rejected += from.rejected;
  to.expired += from.expired;
  to.dropped += from.dropped;
  to.lost += from.lost;
}

}  // namespace

Storage::Storage(std::string path, const Clock& clock) : path_(std::move(path)), clock_(clock) {
  if (try_attach()) return;
  // Beyond any id in a file that may turn up later.
  next_id_ = static_cast<Id>(unix_milliseconds(clock_.wall())) * 1000;
  next_attempt_ = clock_.steady() + retry_interval;
}

Health Storage::health() const {
  Health health = health_;
  health.records_in_memory = memory_.size();
  return health;
}

bool Storage::write(const std::function<void(Book&)>& act) {
  if (!is_writing_) return_to_file();
  // The second try is for a fresh file in place of a damaged one.
  for (int attempt = 0; attempt < 2 && is_writing_; ++attempt) {
    if (write_file(act)) return true;
  }
  write_memory(act);
  return false;
}

bool Storage::write_file(const std::function<void(Book&)>& act) {
  try {
    Book draft = book_;
    auto transaction = file_->begin();
    act(draft);
    file_->save(draft, book_);
    transaction.commit();
    book_ = std::move(draft);
    return true;
  } catch (const store::StoreError& error) {
    on_failure(error);
    return false;
  }
}

void Storage::write_memory(const std::function<void(Book&)>& act) {
  read([&] { act(book_); });
  drop_beyond_memory();
}

void Storage::drop_beyond_memory() {
  while (memory_.bytes() > memory_limit) {
    const Row row = *memory_.oldest();
    for_each(book_, row.outputs,
             [&](Ledger& ledger) { ledger.settle(row.id, Fate::dropped, row.bytes()); });
    memory_.clear(row, row.outputs);
  }
}

void Storage::read(const std::function<void()>& act) {
  try {
    act();
  } catch (const store::StoreError& error) {
    on_failure(error);
  }
}

void Storage::insert(const Row& row) {
  if (is_writing_) {
    file_->insert(row);
  } else {
    memory_.insert(row);
  }
}

void Storage::clear(const Row& row, OutputMask outputs) {
  if (memory_.find(row.id)) {
    memory_.clear(row, outputs);
  } else if (file_) {
    file_->clear(row, outputs);
  }
}

void Storage::add_dead_letter(const DeadLetter& letter) {
  if (is_writing_) {
    file_->dead_letters().add(letter);
    file_->dead_letters().trim();
  } else {
    letters_.add(letter);
  }
}

std::optional<Row> Storage::find(Id id) {
  std::optional<Row> row = memory_.find(id);
  if (row || !file_) return row;
  // What became of a row must be remembered also while the row itself cannot be read.
  row = file_->unread(id);
  tolerate([&] { row = file_->find(id); });
  return row;
}

Row Storage::find_scanned(Id id) {
  auto row = find(id);
  if (!row) {
    throw store::StoreError(store::Fault::damaged, fmt::format("{}: row {} vanished", path_, id));
  }
  return *row;
}

// Reads the file; while it is not written either, as if it were empty where it cannot be read.
void Storage::tolerate(const std::function<void()>& act) const {
  if (is_writing_) return act();
  try {
    act();
  } catch (const store::StoreError& error) {
    log::debug("queue: {}", error.what());
  }
}

void Storage::scan(OutputMask outputs, Range range, Selection::Lane lane,
                   const RowStore::Visitor& visit) {
  bool goes_on = true;
  const auto visit_on = [&](const Row& row) { return goes_on = visit(row); };
  const auto scan_file = [&] {
    if (!file_ || !goes_on) return;
    tolerate([&] { file_->scan(outputs, range, lane, visit_on); });
  };
  // What is in memory came later than all that is in the file.
  if (lane == Selection::Lane::oldest) scan_file();
  if (goes_on) memory_.scan(outputs, range, lane, visit_on);
  if (lane == Selection::Lane::newest) scan_file();
}

std::vector<DeadLetter> Storage::dead_letters(std::size_t count) {
  const auto& unwritten = letters_.letters();
  std::vector<DeadLetter> letters(unwritten.rbegin(), unwritten.rend());
  if (letters.size() > count) letters.resize(count);
  read([&] {
    if (!file_) return;
    auto written = file_->dead_letters().newest(count - letters.size());
    std::move(written.begin(), written.end(), std::back_inserter(letters));
  });
  return letters;
}

void Storage::shrink() {
  read([this] {
    if (is_writing_) file_->shrink();
  });
}

// Opens the file and brings the book and the file together.
void Storage::attach() {
  if (!lock_) lock_.emplace(path_);
  auto file = std::make_unique<RecordFile>(path_);
  merge(*file);
  file_ = std::move(file);
  is_file_known_ = true;
  next_id_ = std::max(next_id_, file_->last_id() + 1);
}

void Storage::merge(RecordFile& file) {
  salvaged_ = file.read_book();
  file.check();
  if (!memory_.is_empty() && file.last_id() >= memory_.oldest()->id) {
    throw Error(path_ + ": holds records newer than those in memory");
  }
  auto transaction = file.begin();
  Book draft = book_;
  const std::vector<unsigned> bits = adopt(draft, salvaged_);
  bool is_renumbered = false;
  for (unsigned bit = 0; bit < bits.size(); ++bit) is_renumbered |= bits[bit] != bit;
  if (is_renumbered) file.renumber(bits);
  file.count_pending(draft);
  for (Ledger& ledger : draft) ledger.balance();
  file.save(draft, is_renumbered ? Book{} : salvaged_);
  transaction.commit();
  book_ = std::move(draft);
  salvaged_.clear();
}

// Adds the stored accounts to those of the same name; says which bit each stored one has now.
std::vector<unsigned> Storage::adopt(Book& book, const Book& stored) const {
  std::vector<unsigned> bits;
  for (unsigned bit = 0; bit < stored.size(); ++bit) {
    const unsigned place = place_for(book, stored[bit].name, bit);
    bits.push_back(place);
    if (place >= max_outputs) throw Error(path_ + ": holds records of too many outputs");
    if (place >= book.size()) book.resize(place + 1);
    book[place].name = stored[bit].name;
    if (!is_file_known_) add_settled(book[place].accounts, stored[bit].accounts);
  }
  return bits;
}

bool Storage::try_attach() {
  try {
    attach();
  } catch (const store::StoreError& error) {
    on_failure(error);
  } catch (const std::system_error& error) {
    announce(error.what());
  }
  if (file_ && !is_writing_) move_to_file();
  return is_writing_;
}

void Storage::return_to_file() {
  if (clock_.steady() < next_attempt_) return;
  next_attempt_ = clock_.steady() + retry_interval;
  if (file_) return move_to_file();
  try {
    try_attach();
  } catch (const Error& error) {
    announce(error.what());
  }
}

void Storage::move_to_file() {
  if (health_.trouble.empty()) {
    is_writing_ = true;
    return;
  }
  try {
    auto transaction = file_->begin();
    file_->write_remembered();
    memory_.scan(every_output, {}, Selection::Lane::oldest, [this](const Row& row) {
      file_->insert(row);
      return true;
    });
    for (const DeadLetter& letter : letters_.letters()) file_->dead_letters().add(letter);
    file_->dead_letters().trim();
    file_->save(book_, {});
    transaction.commit();
  } catch (const store::StoreError& error) {
    return on_failure(error);
  }
  log::info("queue {}: written again, {} records moved from memory", path_, memory_.size());
  file_->thaw();
  memory_.clear_all();
  letters_.clear();
  health_.trouble.clear();
  is_writing_ = true;
}

void Storage::on_failure(const store::StoreError& error) {
  is_writing_ = false;
  if (error.fault() == store::Fault::damaged) return replace_file(error.what());
  if (file_) file_->freeze();
  next_attempt_ = clock_.steady() + retry_interval;
  announce(error.what());
}

void Storage::replace_file(const std::string& reason) {
  file_.reset();
  if (!is_file_known_) adopt(book_, salvaged_);
  is_file_known_ = true;
  for (Ledger& ledger : book_) ledger.forget_pending();
  memory_.scan(every_output, {}, Selection::Lane::oldest, [this](const Row& row) {
    for_each(book_, row.outputs,
             [&](Ledger& ledger) { ledger.find_pending(row.id, row.bytes(), row.accepted()); });
    return true;
  });
  for (Ledger& ledger : book_) ledger.balance();
  start_fresh_file(reason);
}

void Storage::start_fresh_file(const std::string& reason) {
  try {
    health_.last_set_aside = store::set_aside(path_, clock_.wall());
    ++health_.files_set_aside;
    log::error("queue: {}; set aside as {}, a fresh one is started", reason,
               health_.last_set_aside);
    attach();
    move_to_file();
  } catch (const store::StoreError& error) {
    announce(error.what());
  } catch (const std::system_error& error) {
    announce(error.what());
  }
}

void Storage::announce(const std::string& trouble) {
  if (health_.trouble.empty()) {
    log::error("queue: {}; up to 8 MiB are kept in memory until it can be written", trouble);
  }
  health_.trouble = trouble;
}

}  // namespace shoal::queue
