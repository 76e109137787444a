#include "conformance/tests.h"

#include <array>

namespace shoal::conformance {
namespace {

constexpr auto everyone = std::nullopt;
constexpr auto outputs = plugin::Kind::output;

constexpr auto tests = std::to_array<Test>({
    {"file", "linkage", "each library and symbol is found at once", test_linkage, everyone, true},
    {"file", "symbols", "what the file exports and how it is linked", test_symbols, everyone},
    {"file", "manifest", "the manifest as people and hosts read it", test_manifest, everyone},
    {"file", "schema", "the schema of the options fits itself", test_schema, everyone},
    {"entry", "load", "loading it and asking for its tables", test_load, everyone, true},
    {"entry", "side-effects", "loading leaves the process as it was", test_entry_side_effects,
     everyone},
    {"tables", "tables", "sizes, ABI, functions and kind", test_tables, everyone, true},
    {"lifetime", "one-life", "create, start, rounds, stop, destroy", test_one_life, everyone, true},
    {"tables", "constant", "the tables stay what they are", test_tables_constant, everyone},
    {"lifetime", "orders", "each order of calls that the header allows", test_orders, everyone},
    {"lifetime", "many-lives", "create and destroy 1,000 times", test_many_lives, everyone},
    {"lifetime", "many-instances", "20 instances, ended in any order", test_many_instances,
     everyone},
    {"lifetime", "failed-create", "create fails at each host call", test_failed_create, everyone},
    {"lifetime", "failed-start", "start fails and is tried again", test_failed_start, everyone},
    {"size", "exact", "structs that end at a page nobody can touch", test_exact_sizes, everyone},
    {"size", "larger", "a newer host, whose structs are larger", test_larger_sizes, everyone},
    {"size", "strides", "elements further apart than today", test_strides, outputs},
    {"size", "smaller", "a host whose records and deliveries lack their last member",
     test_cut_records, outputs},
    {"options", "defaults", "the working options, and each optional one left out", test_defaults,
     everyone},
    {"options", "values", "bounds, empty, very long and strange values", test_values, everyone},
    {"options", "secrets", "secrets stay secret", test_secrets, everyone},
    {"threads", "moved", "each call on a thread of its own", test_moved_threads, everyone},
    {"threads", "together", "four instances at the same time", test_two_at_once, everyone},
    {"threads", "globals", "instances write no globals", test_globals, everyone},
    {"host", "failing-calls", "each host call fails once", test_failing_calls, everyone},
    {"host", "failing-host", "every host call fails", test_failing_host, everyone},
    {"host", "absent-services", "each service it can do without is absent", test_absent_services,
     everyone},
    {"http", "answers", "what a network can answer", test_answers, everyone},
    {"http", "changing-answers", "another answer each time", test_changing_answers, everyone},
    {"deliver", "batch-sizes", "0 to 1,000 records", test_batch_sizes, outputs},
    {"deliver", "unknown-kinds", "records of a kind of a newer host", test_unknown_kinds, outputs},
    {"deliver", "texts", "empty, long and strange texts", test_strange_texts, outputs},
    {"time", "deadlines", "deadlines that have passed or come soon", test_deadlines, everyone},
    {"time", "cancel", "calls that are cancelled", test_cancelled, everyone},
    {"time", "clock-steps", "the clock steps", test_clock_steps, everyone},
    {"resources", "rounds", "3,000 rounds use nothing up", test_many_rounds, everyone},
    {"process", "shared", "signals, environment, directory, locale and more stay as they are",
     test_shared_process, everyone},
    {"process", "nothing-left", "a life leaves nothing behind", test_whole_life_leaves_nothing,
     everyone},
    {"process", "silence",
     "nothing is said between rounds that only rounds may say, nor after destroy",
     test_silence_afterwards, everyone},
});

constexpr auto tests_of_wire = std::to_array<Test>({
    {"file", "manifest", "the manifest as people and hosts read it", test_manifest, everyone},
    {"file", "schema", "the schema of the options fits itself", test_schema, everyone},
    {"wire", "one-life", "create, start, rounds and stop over the socket", test_wire_life, everyone,
     true},
    {"wire", "later-agent", "an agent that says more, and goes away", test_wire_later, everyone},
    {"wire", "absent-services", "every service is absent", test_wire_services, everyone},
    {"wire", "answers", "what a network can answer to a program", test_wire_answers, everyone},
    {"wire", "batches", "offers of 1 to 1,000 records", test_wire_batches, plugin::Kind::output},
    {"wire", "deadline", "a round that nobody waits for any more", test_wire_deadline, everyone},
    {"wire", "cancel", "a round that is cancelled", test_wire_cancel, everyone},
    {"wire", "rounds", "600 rounds use nothing up", test_wire_rounds, everyone},
});

}  // namespace

std::span<const Test> all_tests() {
  return tests;
}

std::span<const Test> wire_tests() {
  return tests_of_wire;
}

}  // namespace shoal::conformance
