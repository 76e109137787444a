// The rules a plugin is held to: a stable id, the place in the SDK's headers where the rule stands,
// and the rule itself in a sentence. The only list of them; docs/plugin-test.md is checked against
// it. Constant data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace shoal::conformance {

enum class Rule : std::uint8_t {
  file_refused,
  file_linkage,
  file_exports,
  file_weak_exports,
  file_hardening,
  file_name,
  manifest_members,
  manifest_version,
  manifest_summary,
  manifest_needs,
  manifest_options,
  manifest_default,
  manifest_series,
  manifest_graphs,
  entry_crash,
  entry_null,
  entry_same_table,
  entry_slow,
  tables_size,
  tables_abi,
  tables_functions,
  tables_kind,
  tables_reserved,
  tables_constant,
  size_exact,
  size_larger,
  size_stride,
  memory_read_only,
  memory_borrowed,
  memory_text_end,
  create_instance,
  create_untouched,
  create_quick,
  create_options,
  lifetime_crash,
  lifetime_order,
  lifetime_failed_create,
  lifetime_failed_start,
  lifetime_instances,
  lifetime_leak,
  status_range,
  status_reason,
  text_null,
  text_utf8,
  host_context,
  host_destroyed,
  host_call,
  host_log_level,
  host_failure,
  host_absent,
  options_undeclared,
  options_type,
  options_values,
  options_secret,
  series_shape,
  series_name,
  series_manifest,
  points_shape,
  points_declared,
  points_finite,
  points_time,
  points_round,
  points_counter,
  points_cap,
  report_missing,
  report_status,
  report_shape,
  report_round,
  report_length,
  report_unjudged,
  deliver_verdict,
  deliver_shape,
  deliver_overrun,
  deliver_unknown_kind,
  deliver_times,
  deliver_despite_failure,
  http_request,
  http_answer,
  http_answer_kept,
  state_use,
  time_deadline,
  time_cancel,
  time_given_up,
  time_jump,
  threads_moved,
  threads_together,
  globals_written,
  resources_descriptors,
  resources_threads,
  resources_memory,
  resources_children,
  process_stdout,
  process_stderr,
  process_exit,
  process_signals,
  process_environment,
  process_directory,
  process_locale,
  process_float,
  process_limits,
  wire_frames,
  wire_alive,
  wire_later,
  wire_end,
};

// A finding fails the test; advice does not.
enum class Weight : std::uint8_t { finding, advice };

struct RuleText {
  Rule rule;
  std::string_view id;     // "lifetime/leak"
  std::string_view where;  // "plugin.h, shoal_plugin.destroy"
  std::string_view text;
  Weight weight = Weight::finding;
};

std::span<const RuleText> all_rules();
const RuleText& text_of(Rule rule);

}  // namespace shoal::conformance
