#include "conformance/tests.h"

#include <array>

namespace shoal::conformance {
namespace {

constexpr auto everyone = std::nullopt;

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
});

}  // namespace

std::span<const Test> all_tests() {
  return tests;
}

}  // namespace shoal::conformance
