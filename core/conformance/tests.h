// The tests of a plugin, in the order in which they are run. A test finds what it finds in a
// process of its own; that it ends at all is not expected.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "conformance/trial.h"

namespace shoal::conformance {

struct Test {
  std::string_view group;
  std::string_view name;
  std::string_view sentence;
  void (*run)(Trial&);
  std::optional<plugin::Kind> only_for;
  // When it fails to the end, the tests after it would tell nothing.
  bool is_gate = false;

  std::string id() const { return std::string(group) + "/" + std::string(name); }
  bool is_for(plugin::Kind kind) const { return !only_for || *only_for == kind; }
};

// Of a shared object, and of a wire plugin.
std::span<const Test> all_tests();
std::span<const Test> wire_tests();

// ---- by group, each in tests_GROUP.cpp ----

void test_linkage(Trial& trial);
void test_symbols(Trial& trial);
void test_manifest(Trial& trial);
void test_schema(Trial& trial);

void test_load(Trial& trial);
void test_entry_side_effects(Trial& trial);
void test_tables(Trial& trial);
void test_tables_constant(Trial& trial);

void test_one_life(Trial& trial);
void test_orders(Trial& trial);
void test_many_lives(Trial& trial);
void test_many_instances(Trial& trial);
void test_failed_create(Trial& trial);
void test_failed_start(Trial& trial);

void test_exact_sizes(Trial& trial);
void test_larger_sizes(Trial& trial);
void test_strides(Trial& trial);

void test_defaults(Trial& trial);
void test_values(Trial& trial);
void test_secrets(Trial& trial);

void test_failing_calls(Trial& trial);
void test_failing_host(Trial& trial);
void test_absent_services(Trial& trial);

void test_answers(Trial& trial);
void test_changing_answers(Trial& trial);

void test_deadlines(Trial& trial);
void test_cancelled(Trial& trial);
void test_clock_steps(Trial& trial);

void test_batch_sizes(Trial& trial);
void test_unknown_kinds(Trial& trial);
void test_strange_texts(Trial& trial);
void test_cut_records(Trial& trial);

void test_moved_threads(Trial& trial);
void test_two_at_once(Trial& trial);
void test_globals(Trial& trial);

void test_many_rounds(Trial& trial);
void test_shared_process(Trial& trial);
void test_whole_life_leaves_nothing(Trial& trial);
void test_silence_afterwards(Trial& trial);

void test_wire_life(Trial& trial);
void test_wire_later(Trial& trial);
void test_wire_services(Trial& trial);
void test_wire_answers(Trial& trial);
void test_wire_batches(Trial& trial);
void test_wire_deadline(Trial& trial);
void test_wire_cancel(Trial& trial);
void test_wire_rounds(Trial& trial);

}  // namespace shoal::conformance
