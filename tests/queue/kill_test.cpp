// Processes that use the queue and are killed with -9 in the middle of it: what append() or
// settle() has returned for is so.
#include <array>
#include <csignal>
#include <random>
#include <set>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/unique_fd.h"
#include "queue/queue.h"
#include "queue/samples.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::queue;

namespace {

// What the child says: values below this have been appended, will be settled, have been settled.
enum class Said : int { appended, settling, settled };
struct Report {
  Said said;
  int below;
};

void tell(int fd, Said said, int below) {
  const Report report{said, below};
  if (::write(fd, &report, sizeof report) != sizeof report) ::_exit(1);
}

// Appends batches from `next` on, and settles from the oldest on, until it is killed.
[[noreturn]] void use_queue(const std::string& path, int fd, int next, unsigned seed) {
  const SystemClock clock;
  Queue queue(path, clock);
  const OutputBit output = queue.output("mackerel");
  std::mt19937 random(seed);
  while (true) {
    std::vector<Entry> entries(1 + random() % 40);
    for (Entry& entry : entries) entry = {test::sample(next++), mask_of(output)};
    queue.append(entries);
    tell(fd, Said::appended, next);
    const auto items = queue.take(output, {.max_records = 1 + random() % 40});
    if (items.empty()) continue;
    const int below = static_cast<int>(test::value_of(items.back())) + 1;
    tell(fd, Said::settling, below);
    test::settle_all(queue, output, items);
    tell(fd, Said::settled, below);
  }
}

struct Known {
  int appended = 0;
  int settling = 0;
  int settled = 0;

  void hear(const Report& report) {
    (report.said == Said::appended   ? appended
     : report.said == Said::settling ? settling
                                     : settled) = report.below;
  }
};

// Lets a child work until it has said so many things, kills it, and hears what else it had said.
void work_and_kill(const std::string& path, unsigned seed, int reports, Known& known) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) use_queue(path, writing.get(), known.appended + 1000, seed);
  writing.reset();
  Report report{};
  for (int heard = 0; ::read(reading.get(), &report, sizeof report) == sizeof report; ++heard) {
    known.hear(report);
    if (heard == reports) ::kill(child, SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

}  // namespace

TEST_SUITE("Queue and kill -9") {
  TEST_CASE("has all that was appended and nothing that was settled") {
    const test::TemporaryDirectory directory{test::memory_backed()};
    const std::string path = directory.file("queue.db");
    std::mt19937 random(7);
    std::set<double> expected;
    int appended_before = 0;
    Known known;
    for (int round = 0; round < 30; ++round) {
      CAPTURE(round);
      work_and_kill(path, static_cast<unsigned>(random()), 5 + static_cast<int>(random() % 60),
                    known);

      const SystemClock clock;
      Queue queue(path, clock);
      const OutputBit output = queue.output("mackerel");
      const auto items = queue.take(output, {.max_records = 1'000'000, .max_bytes = 1 << 30});
      std::set<double> pending;
      for (const Item& item : items) pending.insert(test::value_of(item));

      // Values began 1,000 above the last one that was reported.
      for (int value = appended_before + 1000; value < known.appended; ++value) {
        expected.insert(value);
      }
      for (const double value : expected) {
        if (value >= known.settling) REQUIRE(pending.contains(value));
      }
      for (const double value : pending) REQUIRE(value >= known.settled);
      REQUIRE(pending.size() == items.size());
      REQUIRE(queue.accounts(output).is_balanced());
      REQUIRE(queue.health().files_set_aside == 0);
      expected = pending;
      appended_before = known.appended;
    }
    CHECK(known.settled > 0);
  }
}
