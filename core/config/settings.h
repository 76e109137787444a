// What a configuration says, as plain values, complete with defaults: the only thing other stages
// see of it. Plain data; no thread rule of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/listen_address.h"

namespace shoal::config {

// Where a setting stands; line 0 when it stands nowhere (a default, a flag).
struct Location {
  std::string file;
  unsigned line = 0;

  bool operator==(const Location&) const = default;
};
// "conf.d/host.conf:12", or the file alone, or "(built in)".
std::string to_text(const Location& location);

// A program to run: exactly one of the two is filled.
struct Command {
  std::vector<std::string> words;  // executed directly, the first found along PATH
  std::string shell;  // handed to sh -c; plain words are executed directly all the same

  bool operator==(const Command&) const = default;
};

using Environment = std::vector<std::pair<std::string, std::string>>;

enum class Isolation : std::uint8_t { automatic, inline_, process };

struct ActionSettings {
  Command command;
  std::string user;
  Environment env;
  std::chrono::milliseconds timeout{30'000};

  bool operator==(const ActionSettings&) const = default;
};

enum class JobKind : std::uint8_t { metric, check, metadata };
std::string_view kind_name(JobKind kind);

// How the lines of a metric command are to be read; the names are Sensu's, but for the first.
enum class OutputFormat : std::uint8_t {
  mackerel,
  graphite_plaintext,
  influxdb_line,
  nagios_perfdata,
  opentsdb_line,
  prometheus_text
};

// One [plugin.metrics.X], [plugin.checks.X], [plugin.metadata.X] or one of the host's own metrics.
struct JobSettings {
  JobKind kind = JobKind::metric;
  std::string name;
  Location where;
  bool is_host_metric = false;

  std::optional<Command> command;   // either a command
  std::string plugin;               // or a shared object: a name or a path
  std::string options_json = "{}";  // for the plugin: one JSON object, defaults not filled in
  std::map<std::string, unsigned> option_lines;  // JSON pointer to line, for errors about options

  std::chrono::milliseconds interval{60'000};
  std::chrono::milliseconds timeout{30'000};
  std::string user;
  Environment env;
  Isolation isolation = Isolation::automatic;
  std::optional<std::uint64_t> memory_limit_bytes;
  bool has_seccomp = false;
  std::string metric_prefix;
  std::string custom_identifier;

  // metrics
  std::optional<std::string> include_pattern;  // RE2, compiles
  std::optional<std::string> exclude_pattern;
  bool use_plugin_timestamp = false;
  OutputFormat output_format = OutputFormat::mackerel;  // of a command

  // checks
  // Whether what a command says behind a "|" becomes samples; absent: yes.
  std::optional<bool> has_performance_data;
  std::optional<int> notification_interval_minutes;
  std::optional<int> max_check_attempts;
  bool prevent_alert_auto_close = false;
  std::string memo;
  std::optional<ActionSettings> action;
  int recovery_attempts = 1;  // OK rounds until a recovery counts
  bool detects_flapping = false;
  std::optional<std::chrono::milliseconds> ttl;  // longer silence is UNKNOWN; absent: never
  std::vector<std::string> depends_on;           // ids of checks: "check:db"

  // "metric:nginx"; "host:cpu" for the host's own, which a section [plugin.metrics.cpu] may sit
  // beside.
  std::string id() const;

  bool operator==(const JobSettings&) const = default;
};

// One [plugin.outputs.X], or the output "mackerel" that an apikey makes.
struct OutputSettings {
  std::string name;
  Location where;
  std::string plugin;
  std::string options_json = "{}";
  std::map<std::string, unsigned> option_lines;
  std::chrono::milliseconds timeout{30'000};
  Isolation isolation = Isolation::automatic;
  std::optional<std::uint64_t> memory_limit_bytes;
  bool has_seccomp = false;
  std::string user;
  Environment env;
  std::optional<std::vector<std::string>> match;  // globs over route keys; absent: the default
  std::uint64_t queue_limit_bytes = 64ULL << 20;
  std::chrono::seconds queue_limit_age{24 * 3600};

  bool operator==(const OutputSettings&) const = default;
};

// One [silences.X]: when nobody is told what befalls these checks. All that is said must be so at
// once.
struct SilenceSettings {
  // Minutes of a local day. One that does not end after it begins ends on the next day.
  struct Span {
    int from = 0;
    int to = 0;

    bool operator==(const Span&) const = default;
  };
  static constexpr std::uint8_t every_day = 0x7F;

  std::string name;
  Location where;
  std::vector<std::string> match;  // globs over ids of checks
  std::vector<Span> times;         // empty: all day
  std::uint8_t days = every_day;   // on which a span begins; bit 0 is Sunday
  std::optional<WallTime> from;
  std::optional<WallTime> until;

  bool operator==(const SilenceSettings&) const = default;
};

// One [relay.tags.X]: how what is said to the tag appears in Slack. The defaults are slackboard's.
struct RelayTag {
  std::string name;
  std::vector<std::string> channels{"#random"};  // each gets a message of its own
  std::string username = "slackboard";
  std::string icon_emoji = ":clipboard:";
  std::string parse = "full";  // as Slack has it

  bool operator==(const RelayTag&) const = default;
};

// [relay]: the local listener that speaks slackboard's protocol.
struct RelaySettings {
  Location where;
  ListenAddress listen{.host = "127.0.0.1", .port = 29800};
  int rate = 0;  // messages that it takes a second; 0: as many as come
  std::vector<RelayTag> tags;

  bool operator==(const RelaySettings&) const = default;
};

// Whether the two ask for the same, wherever they stand in the files.
bool is_same_work(JobSettings a, JobSettings b);
bool is_same_work(OutputSettings a, OutputSettings b);

// Something a person should know that does not keep the agent from starting.
struct Warning {
  Location where;
  std::string text;
  bool is_advice = false;  // nothing is written wrong: configtest is content all the same
};

enum class Verbosity : std::uint8_t { normal, verbose, silent };

struct Settings {
  std::string main_file;  // empty: the embedded default
  std::string root;       // state directory
  std::string pidfile;    // empty: none
  std::string plugin_dir;
  std::string socket;  // of the status server
  Verbosity verbosity = Verbosity::normal;
  bool diagnostic = false;
  std::string http_proxy;  // as written; empty: not said
  std::string https_proxy;
  std::string cloud_platform = "auto";  // or none, ec2, gce, azurevm
  std::string host_status_on_start;
  std::string host_status_on_stop;

  std::vector<JobSettings> jobs;        // enabled ones only
  std::vector<OutputSettings> outputs;  // likewise
  std::vector<SilenceSettings> silences;
  std::optional<RelaySettings> relay;  // absent: nobody listens
  std::vector<Warning> warnings;

  bool is_history_enabled = true;
};

}  // namespace shoal::config
