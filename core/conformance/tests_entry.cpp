// Groups entry and tables: the one exported function and what it returns.

#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "conformance/process_state.h"
#include "conformance/tests.h"
#include "conformance/workbench.h"

namespace shoal::conformance {
namespace {

const shoal_module* call_entry(Trial& trial) {
  trial.under(Rule::entry_crash);
  trial.begin_act("loading it");
  const auto entry = load_entry(trial.subject());
  trial.begin_act("shoal_module_v1()");
  const auto* const module = entry();
  trial.end_act();
  return module;
}

// Reads `size` first, as every reader does. False when the table is too short to go on.
template <class T>
bool is_whole(Trial& trial, const T* table, const char* name) {
  if (table->size == sizeof(T)) return true;
  const bool is_newer = table->size > sizeof(T) && table->size < 64 * sizeof(T);
  if (!is_newer) {
    trial.find(Rule::tables_size, "{}.size is {}, sizeof is {}", name, table->size, sizeof(T));
  }
  return table->size > sizeof(T);
}

void check_reserved(Trial& trial, const char* name, std::uint32_t value) {
  if (value != 0) trial.find(Rule::tables_reserved, "{} is {}, expected 0", name, value);
}

void check_module(Trial& trial, const shoal_module& module) {
  const auto& abi = trial.subject().manifest.abi;
  if (module.abi_major != abi.major_number || module.abi_minor != abi.minor_number) {
    trial.find(Rule::tables_abi, "the tables say ABI {}.{}, the manifest says {}", module.abi_major,
               module.abi_minor, plugin::to_text(abi));
  }
  check_reserved(trial, "shoal_module.reserved", module.reserved);
}

void require_function(Trial& trial, bool is_there, const char* name) {
  if (is_there) return;
  trial.find(Rule::tables_functions, "{} is NULL", name);
  trial.give_up();
}

template <class Table, class Function>
void check_kind(Trial& trial, const Table* table, const char* name, Function Table::*function,
                const char* function_name) {
  if (table == nullptr) return;
  if (!is_whole(trial, table, name)) return trial.give_up();
  check_reserved(trial, (std::string(name) + ".flags").c_str(), table->flags);
  require_function(trial, table->*function != nullptr, function_name);
}

void check_kinds(Trial& trial, const shoal_plugin& plugin) {
  check_kind(trial, plugin.metric, "shoal_metric", &shoal_metric::collect, "collect");
  check_kind(trial, plugin.check, "shoal_check", &shoal_check::check, "check");
  check_kind(trial, plugin.output, "shoal_output", &shoal_output::deliver, "deliver");
  const int count = (plugin.metric != nullptr ? 1 : 0) + (plugin.check != nullptr ? 1 : 0) +
                    (plugin.output != nullptr ? 1 : 0);
  const auto kind = trial.subject().kind();
  const bool has_own = (kind == plugin::Kind::metric && plugin.metric != nullptr) ||
                       (kind == plugin::Kind::check && plugin.check != nullptr) ||
                       (kind == plugin::Kind::output && plugin.output != nullptr);
  if (count == 1 && has_own) return;
  trial.find(Rule::tables_kind, "the manifest says {}, the tables have {} of the three kinds{}",
             plugin::kind_name(kind), count, has_own ? "" : ", not that one");
  if (!has_own) trial.give_up();
}

// The bytes of all tables, to see whether they change.
std::vector<char> bytes_of(const shoal_module& module) {
  std::vector<char> bytes;
  const auto add = [&](const void* table, std::size_t size) {
    if (table == nullptr) return;
    const auto* const first = static_cast<const char*>(table);
    bytes.insert(bytes.end(), first, first + size);
  };
  add(&module, sizeof module);
  add(module.plugin, sizeof *module.plugin);
  add(module.plugin->metric, sizeof(shoal_metric));
  add(module.plugin->check, sizeof(shoal_check));
  add(module.plugin->output, sizeof(shoal_output));
  return bytes;
}

}  // namespace

void test_load(Trial& trial) {
  const auto began = std::chrono::steady_clock::now();
  const auto* const first = call_entry(trial);
  const auto took = std::chrono::steady_clock::now() - began;
  if (first == nullptr) {
    trial.find(Rule::entry_null, "shoal_module_v1() returned NULL");
    return trial.give_up();
  }
  trial.begin_act("shoal_module_v1() on another thread");
  const shoal_module* second = nullptr;
  std::thread([&] { second = load_entry(trial.subject())(); }).join();
  trial.end_act();
  if (first != second) {
    trial.find(Rule::entry_same_table, "shoal_module_v1() returned another table the second time");
  }
  const auto took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  if (took_ms > 1000) trial.find(Rule::entry_slow, "it took {} ms", took_ms);
}

void test_entry_side_effects(Trial& trial) {
  const auto before = ProcessState::now();
  const auto entry_bytes = call_entry(trial);
  (void)entry_bytes;
  compare_states(trial, before, "loading it");
}

void test_tables(Trial& trial) {
  const auto* const module = call_entry(trial);
  trial.begin_act("reading its tables");
  if (!is_whole(trial, module, "shoal_module")) return trial.give_up();
  check_module(trial, *module);
  if (module->plugin == nullptr) {
    trial.find(Rule::tables_functions, "shoal_module.plugin is NULL");
    return trial.give_up();
  }
  const auto& plugin = *module->plugin;
  if (!is_whole(trial, &plugin, "shoal_plugin")) return trial.give_up();
  check_reserved(trial, "shoal_plugin.flags", plugin.flags);
  require_function(trial, plugin.create != nullptr, "create");
  require_function(trial, plugin.destroy != nullptr, "destroy");
  check_kinds(trial, plugin);
  trial.end_act();
}

void test_tables_constant(Trial& trial) {
  const auto* const module = load_entry(trial.subject())();
  const auto before = bytes_of(*module);
  Workbench bench(trial);
  bench.live(2);
  if (bytes_of(*module) != before) {
    trial.find(Rule::tables_constant, "the tables changed while an instance lived");
  }
  if (load_entry(trial.subject())() != module) {
    trial.find(Rule::entry_same_table, "shoal_module_v1() returned another table after a life");
  }
}

}  // namespace shoal::conformance
