#include "base/bounded_queue.h"

#include <thread>

#include <doctest/doctest.h>

using shoal::BoundedQueue;

TEST_SUITE("BoundedQueue") {
  TEST_CASE("drops the oldest when it is full, hands it back and counts it") {
    BoundedQueue<int> queue(2);
    queue.push(1);
    queue.push(2);

    const auto displaced = queue.push(3);

    CHECK(displaced == 1);
    CHECK(queue.displaced_count() == 1);
    CHECK(queue.drain() == std::vector{2, 3});
  }

  TEST_CASE("gives what is left after it is closed, then nothing") {
    BoundedQueue<int> queue(2);
    queue.push(1);
    queue.close();

    CHECK(queue.pop() == 1);
    CHECK_FALSE(queue.pop().has_value());
    CHECK(queue.push(2) == 2);
  }

  TEST_CASE("wakes a waiting consumer") {
    BoundedQueue<int> queue(2);
    std::optional<int> popped;

    std::thread consumer([&] { popped = queue.pop(); });
    queue.push(7);
    consumer.join();

    CHECK(popped == 7);
  }
}
