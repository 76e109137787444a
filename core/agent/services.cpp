#include "agent/services.h"

#include <filesystem>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "agent/companion.h"
#include "base/error.h"

namespace shoal::agent {
namespace {

namespace fs = std::filesystem;

using Json = nlohmann::json;

constexpr const char* host_program = "shoal-plugin-host";

// Of the section's own environment; of all of it, only this may be told.
std::string workdir_of(const config::JobSettings& job) {
  std::string workdir;
  for (const auto& [name, value] : job.env) {
    if (name == "MACKEREL_PLUGIN_WORKDIR") workdir = value;
  }
  return workdir;
}

Json job_json(const config::JobSettings& job) {
  Json json{{"id", job.id()},
            {"kind", config::kind_name(job.kind)},
            {"name", job.name},
            {"memo", job.memo},
            {"interval_ms", job.interval.count()},
            {"timeout_ms", job.timeout.count()},
            {"custom_identifier", job.custom_identifier}};
  if (job.notification_interval_minutes) {
    json["notification_interval"] = *job.notification_interval_minutes;
  }
  if (job.max_check_attempts) json["max_check_attempts"] = *job.max_check_attempts;
  if (job.prevent_alert_auto_close) json["prevent_alert_auto_close"] = true;
  if (const std::string workdir = workdir_of(job); !workdir.empty()) json["workdir"] = workdir;
  return json;
}

// The agent itself comes first, with the time of its present configuration: so an output notices a
// reload that changed no job.
std::string jobs_json(const config::Settings& settings, WallTime now) {
  Json jobs = {{{"id", "agent"},
                {"kind", "agent"},
                {"name", "shoal"},
                {"configured_ns", unix_nanoseconds(now)}}};
  for (const config::JobSettings& job : settings.jobs) jobs.push_back(job_json(job));
  return jobs.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Beside the plugins, where the build and the package put it.
std::string tls_module(const config::Settings& settings) {
  return (fs::path(settings.plugin_dir) / "shoal-tls.so").string();
}

}  // namespace

std::string crash_dir(const std::string& root) {
  return root + "/crash";
}

std::string crash_marker_file(const std::string& root) {
  return root + "/inline.marker";
}

Services::Services(const config::Settings& settings, const Clock& clock,
                   plugin::CrashMarker* marker)
    : clock_(clock),
      state_(settings.root + "/state.db", clock),
      http_(clock, tls_module(settings)),
      identity_(settings.root),
      crashes_(crash_dir(settings.root)),
      suspects_(settings.root + "/suspects.json"),
      registry_({.plugin_dirs = {settings.plugin_dir},
                 .copy_dir = settings.root + "/plugins",
                 .host_program = find_companion(host_program, "plugin_host").value_or(host_program),
                 .crashes = &crashes_,
                 .suspects = &suspects_,
                 .marker = marker},
                {.clock = clock, .state = &state_, .http = &http_, .identity = &identity_}) {
  announce_jobs(settings);
}

void Services::announce_jobs(const config::Settings& settings) {
  identity_.set_jobs_json(jobs_json(settings, clock_.wall()));
}

void prepare_root(const std::string& root) {
  std::error_code error;
  if (fs::is_directory(root, error)) return;
  fs::create_directories(fs::path(root).parent_path(), error);
  if (::mkdir(root.c_str(), 0700) != 0) {
    throw Error(fmt::format("state directory {}: cannot be made: {}; give another with --root",
                            root, errno_text(errno)));
  }
}

}  // namespace shoal::agent
