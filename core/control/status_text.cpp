#include <fmt/chrono.h>
#include <fmt/core.h>

#include "control/checks_text.h"
#include "control/status.h"
#include "control/table.h"

namespace shoal::control {
namespace {

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string heading(const Status& status) {
  return fmt::format(
      "shoal {}, pid {}, up {}, configuration {}\n"
      "memory {} resident, {} anonymous; CPU {}\n",
      status.version, status.pid, short_duration(status.now - status.started), status.configuration,
      megabytes(status.resident_bytes), megabytes(status.anonymous_bytes),
      short_duration(status.cpu_time));
}

std::string problems(const Status& status) {
  std::string text;
  const auto add = [&text](const std::string& line) { text += "! " + line + "\n"; };
  for (const std::string& notice : status.notices) add(notice);
  if (!status.last_reload_error.empty()) {
    add("the last reload was refused: " + status.last_reload_error);
  }
  if (status.displaced_rounds > 0) {
    add(fmt::format("{} rounds were lost because commits were too slow", status.displaced_rounds));
  }
  for (const JobStatus& job : status.jobs) {
    if (job.state == "stuck") {
      add(fmt::format("{} is stuck and no longer called", job.id));
    } else if (job.state == "quarantined") {
      add(fmt::format("{} is quarantined, tried once an hour (shoal plugin reset {}): {}", job.id,
                      job.id, job.last_death));
    } else if (!job.last_outcome.empty() && job.last_outcome != "ok") {
      add(fmt::format("{} {}: {}", job.id, job.last_outcome, job.last_reason));
    }
  }
  for (const OutputStatus& output : status.outputs) {
    if (output.state == "quarantined") {
      add(fmt::format(
          "output {} is quarantined, tried once an hour (shoal plugin reset output:{}): {}",
          output.name, output.name, output.last_death));
    }
    if (output.last_error.empty()) continue;
    add(fmt::format("output {} failing since {}: {}; {} records kept, next try {}", output.name,
                    clock_time(output.failing_since), output.last_error, output.pending,
                    clock_time(output.next_try)));
  }
  return text.empty() ? text : "\n" + text;
}

std::string job_table(const Status& status) {
  Table table({"JOB", "STATE", "LAST", "TOOK", "OUTCOME", "RECORDS", "ROUNDS", "FAILED", "MISSED",
               "DROPPED", "NEXT", "WHAT"});
  for (const JobStatus& job : status.jobs) {
    const bool has_run = !job.last_outcome.empty();
    table.add({job.id, job.state, clock_time(job.last_scheduled),
               has_run ? short_duration(job.last_duration) : "-", has_run ? job.last_outcome : "-",
               fmt::to_string(job.last_records), fmt::to_string(job.rounds),
               fmt::to_string(job.failures), fmt::to_string(job.missed),
               fmt::to_string(job.dropped), clock_time(job.next),
               fmt::format("{} every {}", job.what, short_duration(job.interval))});
  }
  return "\n" + table.text();
}

std::string output_table(const Status& status) {
  if (status.outputs.empty()) return "\nno outputs: records go to the local history only\n";
  Table table({"OUTPUT", "STATE", "ACCEPTED", "DELIVERED", "REJECTED", "EXPIRED", "DROPPED", "LOST",
               "PENDING", "OLDEST", "LAST SUCCESS", "NEXT TRY"});
  for (const OutputStatus& output : status.outputs) {
    table.add({output.name, output.state, fmt::to_string(output.accepted),
               fmt::to_string(output.delivered), fmt::to_string(output.rejected),
               fmt::to_string(output.expired), fmt::to_string(output.dropped),
               fmt::to_string(output.lost), fmt::to_string(output.pending),
               clock_time(output.oldest_pending), clock_time(output.last_success),
               clock_time(output.next_try)});
  }
  return "\n" + table.text();
}

std::string relay_line(const Status& status) {
  if (!status.relay) return "";
  const RelayStatus& relay = *status.relay;
  const auto refused = relay.malformed + relay.unknown_tags + relay.over_rate + relay.not_kept;
  return fmt::format(
      "\nrelay {}: {} messages taken, {} requests refused ({} malformed, {} of unknown tags, "
      "{} over the rate, {} not kept)\n",
      relay.address, relay.taken, refused, relay.malformed, relay.unknown_tags, relay.over_rate,
      relay.not_kept);
}

}  // namespace

std::string clock_time(const std::optional<WallTime>& time) {
  if (!time) return "-";
  return fmt::format("{:%H:%M:%S}", fmt::localtime(static_cast<time_t>(unix_seconds(*time))));
}

std::string short_duration(std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  if (seconds < 0.001) return fmt::format("{:.0f}us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.1f}ms", seconds * 1e3);
  if (seconds < 120) return fmt::format("{:.3g}s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{:.0f}m", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{:.1f}h", seconds / 3600);
  return fmt::format("{:.1f}d", seconds / 86400);
}

std::string to_text(const Status& status) {
  return heading(status) + checks_text(status) + problems(status) + job_table(status) +
         output_table(status) + relay_line(status);
}

}  // namespace shoal::control
