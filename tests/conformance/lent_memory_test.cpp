#include "conformance/lent_memory.h"

#include <unistd.h>

#include <doctest/doctest.h>

using namespace shoal::conformance;

TEST_SUITE("LentMemory") {
  TEST_CASE("ends each piece at a page that may not be touched") {
    LentMemory memory;
    const auto text = memory.text("four");
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));

    CHECK(std::string_view(text.data, text.size) == "four");
    CHECK((reinterpret_cast<std::uintptr_t>(text.data) + text.size) % page == 0);
    CHECK(memory.rule_at(text.data + text.size) == Rule::memory_text_end);
  }

  TEST_CASE("tells which rule a touch breaks") {
    LentMemory memory(64, Rule::http_answer_kept);
    const auto text = memory.text("four");
    const auto* const number = memory.put(std::uint64_t{7}, 8);

    memory.seal();
    CHECK(memory.rule_at(text.data) == Rule::memory_read_only);
    CHECK(memory.rule_at(number + 2) == Rule::size_exact);
    CHECK(*number == 7);
    CHECK(number[1] == 0xA5A5A5A5A5A5A5A5);
    memory.revoke();
    CHECK(memory.rule_at(text.data) == Rule::http_answer_kept);
    CHECK(lent_memory_fault(text.data) == Rule::http_answer_kept);
    CHECK_FALSE(lent_memory_fault(&memory));
  }

  TEST_CASE("starts anew with zeroes") {
    LentMemory memory;
    memory.text("four");

    memory.reset();
    const auto* const bytes = static_cast<const char*>(memory.allocate(4, 1, Rule::size_exact));

    CHECK(std::string_view(bytes, 4) == std::string_view("\0\0\0\0", 4));
  }

  TEST_CASE("gives empty text without lending anything") {
    LentMemory memory;

    const auto text = memory.text("");

    CHECK(text.size == 0);
    CHECK(text.data != nullptr);
  }
}
