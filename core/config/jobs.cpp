// [plugin.metrics.X], [plugin.checks.X] and [plugin.metadata.X].
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <fmt/core.h>

#include "base/nearest.h"
#include "config/common_keys.h"
#include "config/options.h"
#include "config/sections.h"

namespace shoal::config {

namespace {

// Of all three kinds: mackerel-agent takes the keys of one in the sections of another.
const std::string known_keys[] = {"command",
                                  "plugin",
                                  "options",
                                  "enabled",
                                  "interval",
                                  "timeout_seconds",
                                  "env",
                                  "user",
                                  "isolation",
                                  "memory_limit",
                                  "seccomp",
                                  "metric_prefix",
                                  "custom_identifier",
                                  "service",
                                  "include_pattern",
                                  "exclude_pattern",
                                  "use_plugin_timestamp",
                                  "output_format",
                                  "check_interval",
                                  "notification_interval",
                                  "max_check_attempts",
                                  "prevent_alert_auto_close",
                                  "memo",
                                  "action",
                                  "execution_interval",
                                  "recovery_attempts",
                                  "flap_detection",
                                  "ttl",
                                  "depends_on"};

std::optional<Command> read_command(const Section& section) {
  const Value* value = section.find("command");
  if (!value) return std::nullopt;
  Command command;
  if (const auto* shell = value->as<std::string>()) {
    command.shell = *shell;
  } else if (!value->as<Array>()) {
    section.expected("command", "a string or an array of strings", *value);
    return std::nullopt;
  } else if (auto words = section.texts("command")) {
    command.words = std::move(*words);
  } else {
    return std::nullopt;
  }
  const bool is_empty = command.words.empty() ? command.shell.empty() : command.words[0].empty();
  if (!is_empty) return command;
  section.fail("command", "expected a program to run, got nothing");
  return std::nullopt;
}

// Exactly one of the two that a job can run.
void read_what_runs(const Section& section, DraftedJob& job) {
  const bool has_command = section.has("command");
  const auto plugin = section.text("plugin");
  job.settings.command = read_command(section);
  job.settings.plugin = plugin.value_or("");
  job.options = read_options(section);
  if (has_command && section.has("plugin")) {
    section.fail("plugin", "give either this or command");
  } else if (!has_command && !section.has("plugin")) {
    section.fail("expected command or plugin, got neither");
  } else if (plugin && plugin->empty()) {
    section.fail("plugin", "expected a name or a path, got nothing");
  }
  if (has_command && section.has("options")) {
    section.warn("options", "no effect without plugin; a command takes its options as arguments");
  }
}

// Whichever of the two ways to say it was used. All are read, so that a wrong type is found.
void read_interval(const Section& section, JobSettings& job) {
  using namespace std::chrono_literals;
  const auto own = section.duration("interval", 1s);
  const auto check = section.minutes("check_interval");
  const auto execution = section.minutes("execution_interval");
  const bool is_check = job.kind == JobKind::check;
  const bool is_metadata = job.kind == JobKind::metadata;
  if (is_metadata) job.interval = 10min;
  if (is_check && check) job.interval = std::clamp<std::chrono::minutes>(*check, 1min, 60min);
  if (is_metadata && execution) job.interval = std::max<std::chrono::minutes>(*execution, 10min);
  if (own) job.interval = *own;
  if (own && ((is_check && check) || (is_metadata && execution))) {
    section.fail("interval", fmt::format("give either this or {}",
                                         is_check ? "check_interval" : "execution_interval"));
  }
}

void read_filters(const Section& section, JobSettings& job) {
  job.include_pattern = section.pattern("include_pattern");
  job.exclude_pattern = section.pattern("exclude_pattern");
  // An empty one is found in every name. Who writes it means no filter.
  if (job.include_pattern == "") job.include_pattern.reset();
  if (job.exclude_pattern == "") job.exclude_pattern.reset();
  job.use_plugin_timestamp = section.flag("use_plugin_timestamp").value_or(false);
}

constexpr std::array<std::pair<std::string_view, OutputFormat>, 7> output_formats{
    {{"mackerel", OutputFormat::mackerel},
     {"metric_graphite", OutputFormat::mackerel},
     {"graphite_plaintext", OutputFormat::graphite_plaintext},
     {"influxdb_line", OutputFormat::influxdb_line},
     {"nagios_perfdata", OutputFormat::nagios_perfdata},
     {"opentsdb_line", OutputFormat::opentsdb_line},
     {"prometheus_text", OutputFormat::prometheus_text}}};

void fail_output_format(const Section& section, const std::string& word) {
  std::vector<std::string> known;
  std::string all;
  for (const auto& [name, format] : output_formats) {
    known.emplace_back(name);
    all += (all.empty() ? "" : ", ") + known.back();
  }
  const std::string_view meant = nearest(word, known);
  section.fail("output_format",
               fmt::format("expected one of {}, got \"{}\"{}", all, word,
                           meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant)));
}

// The text is the same either way: the question is what is read in it besides.
void read_check_format(const Section& section, const std::string& word, JobSettings& job) {
  if (word != "mackerel" && word != "nagios_perfdata") {
    return section.fail(
        "output_format",
        fmt::format("expected mackerel or nagios_perfdata for a check, got \"{}\"", word));
  }
  job.has_performance_data = word == "nagios_perfdata";
}

void read_output_format(const Section& section, JobSettings& job) {
  const auto word = section.text("output_format");
  if (!word) return;
  if (!section.has("command") || job.kind == JobKind::metadata) {
    return section.warn("output_format",
                        "no effect: it is for metrics and checks that are commands");
  }
  if (job.kind == JobKind::check) return read_check_format(section, *word, job);
  const auto* const found = std::find_if(output_formats.begin(), output_formats.end(),
                                         [&](const auto& one) { return one.first == *word; });
  if (found == output_formats.end()) return fail_output_format(section, *word);
  job.output_format = found->second;
}

// The first `most` characters of UTF-8 text.
std::string_view first_characters(std::string_view text, std::size_t most) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins_character && most-- == 0) return text.substr(0, i);
  }
  return text;
}

void read_memo(const Section& section, JobSettings& job) {
  constexpr std::size_t longest = 250;
  const std::string memo = section.text("memo").value_or("");
  job.memo = first_characters(memo, longest);
  if (job.memo.size() < memo.size()) section.warn("memo", "cut to 250 characters");
}

void read_attempts(const Section& section, JobSettings& job) {
  const auto attempts = section.integer("max_check_attempts").value_or(0);
  if (attempts > 0) {
    job.max_check_attempts =
        static_cast<int>(std::min<std::int64_t>(attempts, std::numeric_limits<int>::max()));
  }
  if (!job.prevent_alert_auto_close || attempts <= 1) return;
  section.warn("max_check_attempts", "taken as 1 because of prevent_alert_auto_close");
  job.max_check_attempts = 1;
}

void read_action(const Section& section, JobSettings& job) {
  static const std::string known[] = {"command", "user", "env", "timeout_seconds"};
  const auto table = section.table("action");
  if (!table) return;
  ActionSettings action;
  if (!table->has("command")) table->fail("expected a command, got none");
  action.command = read_command(*table).value_or(Command{});
  action.user = table->text("user").value_or("");
  action.env = read_environment(*table);
  if (const auto timeout = table->seconds("timeout_seconds")) action.timeout = *timeout;
  table->check_keys(known, UnknownKeys::warned);
  job.action = std::move(action);
}

void read_recovery_attempts(const Section& section, JobSettings& job) {
  constexpr std::int64_t most = 1000;
  const auto attempts = section.integer("recovery_attempts");
  if (!attempts) return;
  if (*attempts < 1 || *attempts > most) {
    section.fail("recovery_attempts", fmt::format("expected 1 to {}, got {}", most, *attempts));
  } else {
    job.recovery_attempts = static_cast<int>(*attempts);
  }
}

// One that no interval fits into would make every round a late one.
void read_ttl(const Section& section, JobSettings& job) {
  job.ttl = section.duration("ttl", std::chrono::seconds(1));
  if (!job.ttl || *job.ttl > job.interval) return;
  section.fail("ttl", fmt::format("expected more than the interval of {}s, got {}s",
                                  job.interval.count() / 1000, job.ttl->count() / 1000));
}

void read_check_keys(const Section& section, JobSettings& job) {
  constexpr int least_notification_interval = 10;
  job.prevent_alert_auto_close = section.flag("prevent_alert_auto_close").value_or(false);
  if (const auto interval = section.minutes("notification_interval")) {
    job.notification_interval_minutes =
        std::max(static_cast<int>(interval->count()), least_notification_interval);
  }
  read_attempts(section, job);
  read_memo(section, job);
  read_action(section, job);
}

// What mackerel-agent does not have.
void read_alert_keys(const Section& section, JobSettings& job) {
  if (job.kind != JobKind::check) {
    for (const std::string_view key :
         {"recovery_attempts", "flap_detection", "ttl", "depends_on"}) {
      if (section.has(key)) section.warn(key, "no effect: only checks have it");
    }
    return;
  }
  read_recovery_attempts(section, job);
  read_ttl(section, job);
  job.detects_flapping = section.flag("flap_detection").value_or(false);
  job.depends_on = section.texts("depends_on").value_or(std::vector<std::string>{});
}

bool is_name_of_api(std::string_view name) {
  constexpr std::string_view accepted =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return name.find_first_not_of(accepted) == std::string_view::npos;
}

void check_name(const Section& section, const JobSettings& job) {
  if (job.name.empty()) {
    section.fail("expected a name after the last dot, got nothing");
  } else if (job.kind != JobKind::metric && !is_name_of_api(job.name)) {
    section.problems().warn(
        section.where(),
        fmt::format("{}: Mackerel takes only letters, digits, \"-\" and \"_\" in this name",
                    section.path()));
  }
}

bool is_service_name(std::string_view name) {
  const bool has_length = name.size() >= 2 && name.size() <= 63;
  return has_length && is_name_of_api(name) && name[0] != '-' && name[0] != '_';
}

// Samples say whom they speak for in one place: of a service, as "service:NAME".
void read_whom_it_speaks_for(const Section& section, JobSettings& job) {
  job.custom_identifier = section.text("custom_identifier").value_or("");
  const auto service = section.text("service");
  if (!service) return;
  if (job.kind != JobKind::metric) {
    section.warn("service", "no effect: only metrics may belong to a service");
  } else if (!job.custom_identifier.empty()) {
    section.fail("service", "give either this or custom_identifier");
  } else if (!is_service_name(*service)) {
    section.fail("service",
                 fmt::format("expected 2 to 63 of [A-Za-z0-9_-], a letter or digit first, got "
                             "\"{}\"",
                             *service));
  } else {
    job.custom_identifier = "service:" + *service;
  }
}

std::map<std::string, DraftedJob>& jobs_of(JobKind kind, Draft& draft) {
  if (kind == JobKind::metric) return draft.metrics;
  return kind == JobKind::check ? draft.checks : draft.metadata;
}

}  // namespace

void read_job(JobKind kind, const std::string& name, const Section& section, Draft& draft) {
  DraftedJob job{.settings = {.kind = kind, .name = name, .where = section.where()}};
  check_name(section, job.settings);
  read_what_runs(section, job);
  read_common_keys(section, job);
  read_interval(section, job.settings);
  read_filters(section, job.settings);
  read_output_format(section, job.settings);
  job.settings.metric_prefix = read_metric_prefix(section);
  read_check_keys(section, job.settings);
  read_alert_keys(section, job.settings);
  read_whom_it_speaks_for(section, job.settings);
  if (kind == JobKind::metadata && section.has("plugin")) {
    section.fail("plugin", "expected a command: no kind of plugin gives metadata");
  }
  if (kind == JobKind::check && section.has("depends_on"))
    draft.depends_on_lines[name] = section.where_is("depends_on");
  section.check_keys(known_keys,
                     section.has("plugin") ? UnknownKeys::refused : UnknownKeys::warned);
  jobs_of(kind, draft).insert_or_assign(name, std::move(job));
}

}  // namespace shoal::config
