// The queue against a model that keeps everything in a vector: the same random acts must have the
// same results.
#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "queue/queue.h"
#include "queue/samples.h"
#include "record/encoding.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::queue;

namespace {

constexpr std::size_t output_count = 3;
const std::array<QueueLimits, output_count> limits = {
    QueueLimits{.bytes = 20'000, .age = std::chrono::minutes(30)},
    QueueLimits{.bytes = 1'000, .age = std::chrono::minutes(5)},
    QueueLimits{.bytes = 1'000'000, .age = std::chrono::hours(3)}};

struct ModelRow {
  Id id = 0;
  double value = 0;
  std::uint64_t bytes = 0;
  WallTime accepted;
};

// One output: its pending rows, oldest first.
struct ModelOutput {
  std::vector<ModelRow> rows;
  Accounts accounts;

  void settle(std::size_t place, Fate fate) {
    accounts.settle(fate, rows[place].bytes);
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(place));
  }
  void settle_id(Id id, Fate fate) {
    const auto it =
        std::find_if(rows.begin(), rows.end(), [id](const ModelRow& row) { return row.id == id; });
    if (it != rows.end()) settle(static_cast<std::size_t>(it - rows.begin()), fate);
  }
  Accounts complete() const {
    Accounts result = accounts;
    if (!rows.empty()) result.oldest_pending = rows.front().accepted;
    return result;
  }
};

class Pair {
 public:
  explicit Pair(unsigned seed) : random_(seed) { open(); }

  void act() {
    switch (below(20)) {
      case 0:
        return below(50) == 0 ? reopen() : expire();
      case 1:
        return clock_.advance(std::chrono::seconds(below(60)));
      case 2:
      case 3:
      case 4:
      case 5:
        return append();
      default:
        return take_and_settle();
    }
  }

  void check() {
    for (std::size_t i = 0; i < output_count; ++i) {
      const Accounts accounts = queue_->accounts(bits_[i]);
      REQUIRE(accounts.is_balanced());
      REQUIRE(accounts == model_[i].complete());
    }
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  void open() {
    queue_.emplace(directory_.file("queue.db"), clock_);
    for (std::size_t i = 0; i < output_count; ++i) {
      bits_[i] = queue_->output("output" + std::to_string(i), limits[i]);
    }
  }
  void reopen() {
    queue_.reset();
    open();
  }

  void append() {
    std::vector<Entry> entries(below(6));
    std::vector<std::pair<double, unsigned>> wanted;
    for (Entry& entry : entries) {
      const unsigned outputs = below(1 << output_count);
      wanted.emplace_back(next_value_, outputs);
      entry.record = test::sample(next_value_++);
      for (std::size_t i = 0; i < output_count; ++i) {
        if ((outputs >> i & 1) != 0) entry.outputs |= mask_of(bits_[i]);
      }
    }
    Id id = queue_->last_id();
    queue_->append(entries);
    for (std::size_t n = 0; n < entries.size(); ++n) {
      std::string body;
      record::encode(entries[n].record, body);
      ++id;
      for (std::size_t i = 0; i < output_count; ++i) {
        if ((wanted[n].second >> i & 1) == 0) continue;
        model_[i].rows.push_back({id, wanted[n].first, body.size() + 24, clock_.wall()});
        model_[i].accounts.accept(body.size() + 24);
      }
    }
    for (std::size_t i = 0; i < output_count; ++i) {
      while (model_[i].accounts.pending_bytes > limits[i].bytes) model_[i].settle(0, Fate::dropped);
    }
  }

  void expire() {
    queue_->enforce_limits();
    for (std::size_t i = 0; i < output_count; ++i) {
      auto& rows = model_[i].rows;
      while (!rows.empty() && rows.front().accepted < clock_.wall() - limits[i].age) {
        model_[i].settle(0, Fate::expired);
      }
    }
  }

  void take_and_settle() {
    const unsigned i = below(output_count);
    const auto& rows = model_[i].rows;
    Selection selection{.lane = below(2) == 0 ? Selection::Lane::oldest : Selection::Lane::newest,
                        .max_records = 1 + below(8)};
    if (below(3) == 0) selection.after = below(static_cast<unsigned>(queue_->last_id() + 2));
    if (below(3) == 0) selection.upto = below(static_cast<unsigned>(queue_->last_id() + 2));

    const auto items = queue_->take(bits_[i], selection);

    std::vector<ModelRow> expected;
    for (const auto& row : rows) {
      if (row.id > selection.after && row.id <= selection.upto) expected.push_back(row);
    }
    if (expected.size() > selection.max_records) {
      if (selection.lane == Selection::Lane::oldest) {
        expected.resize(selection.max_records);
      } else {
        expected.erase(expected.begin(),
                       expected.end() - static_cast<std::ptrdiff_t>(selection.max_records));
      }
    }
    REQUIRE(items.size() == expected.size());
    std::vector<Settlement> settlements;
    for (std::size_t n = 0; n < items.size(); ++n) {
      REQUIRE(items[n].id == expected[n].id);
      REQUIRE(test::value_of(items[n]) == expected[n].value);
      if (below(3) == 0) continue;
      const auto fate = static_cast<Fate>(below(3));
      settlements.push_back({items[n].id, fate, "reason"});
    }
    queue_->settle(bits_[i], settlements);
    for (const auto& settlement : settlements) model_[i].settle_id(settlement.id, settlement.fate);
  }

  test::TemporaryDirectory directory_{test::memory_backed()};
  test::FakeClock clock_;
  std::mt19937 random_;
  std::optional<Queue> queue_;
  std::array<OutputBit, output_count> bits_{};
  std::array<ModelOutput, output_count> model_;
  double next_value_ = 0;
};

}  // namespace

TEST_SUITE("Queue") {
  TEST_CASE("does what a model of it does, act by act") {
    for (unsigned seed = 1; seed <= 10; ++seed) {
      CAPTURE(seed);
      Pair pair(seed);
      for (int act = 0; act < 10'000; ++act) {
        pair.act();
        pair.check();
      }
    }
  }
}
