#include "run/exec_round.h"

#include <utility>

#include <fmt/core.h>

#include "run/metric_formats.h"

namespace shoal::run {
namespace {

Round bare_round(const ExecJob& job, const RoundStart& start, SteadyTime end) {
  return {.job = job.id,
          .scheduled = start.scheduled,
          .started = start.started,
          .duration = end - start.started};
}

record::CheckResult result_of(const ExecJob& job, WallTime time, record::Status status,
                              std::string text) {
  return {.name = job.name,
          .status = status,
          .text = std::move(text),
          .time = time,
          .custom_identifier = job.rules.custom_identifier};
}

bool is_success(const ExitStatus& exit) {
  return !exit.by_signal && exit.code == 0;
}

std::string exit_text(const ExitStatus& exit) {
  return fmt::format("{} {}", exit.by_signal ? "killed by signal" : "exit code", exit.code);
}

void take(Round& round, ParsedOutput parsed) {
  round.records = std::move(parsed.records);
  round.dropped = parsed.dropped;
  round.faults = std::move(parsed.faults);
  if (!parsed.error.empty()) {
    round.outcome = Outcome::failed;
    round.reason = std::move(parsed.error);
  }
}

ParsedOutput parse_performance(const ExecJob& job, const RoundStart& start,
                               const CommandResult& result) {
  if (job.samples == nullptr) return {};
  return job.samples->take(parse_nagios_perfdata(result.output.text(), result.output.is_complete()),
                           job.rules, start.scheduled, start.started);
}

ParsedOutput parse_lines(const ExecJob& job, const RoundStart& start, const CommandResult& result,
                         WallTime end) {
  const std::string& text = result.output.text();
  switch (job.format) {
    case config::OutputFormat::mackerel:
      break;
    case config::OutputFormat::graphite_plaintext:
      return parse_graphite_plaintext(text, job.rules, start.scheduled, end);
    case config::OutputFormat::influxdb_line:
      return parse_influxdb_line(text, job.rules, start.scheduled, end);
    case config::OutputFormat::nagios_perfdata:
      return parse_performance(job, start, result);
    case config::OutputFormat::opentsdb_line:
      return parse_opentsdb_line(text, job.rules, start.scheduled, end);
    case config::OutputFormat::prometheus_text:
      return parse_prometheus_text(text, job.rules, start.scheduled, end);
  }
  return parse_metric_lines(text, job.rules, start.scheduled, end);
}

ParsedOutput parse_metrics(const ExecJob& job, const RoundStart& start, CommandResult& result,
                           WallTime end) {
  result.output.keep_whole_lines();
  ParsedOutput parsed = parse_lines(job, start, result, end);
  if (!result.output.is_complete()) {
    parsed.dropped += result.output.lost_lines();
    parsed.faults.insert(parsed.faults.begin(),
                         fmt::format("output: {} bytes beyond the first 1 MiB thrown away",
                                     result.output.lost_bytes()));
  }
  // The exit code of a metric command means nothing, unless it has to explain why there is no more.
  if (parsed.records.empty() && parsed.dropped == 0 && !is_success(result.exit)) {
    parsed.error = exit_text(result.exit) + " and no metrics";
  }
  return parsed;
}

ParsedOutput parse_json(const ExecJob& job, const RoundStart& start, const CommandResult& result) {
  if (!result.output.is_complete()) return {.error = "output: longer than 1 MiB"};
  const std::string& text = result.output.text();
  if (start.purpose == Purpose::graph_definitions) {
    return parse_graph_definitions(text, job.rules.metric_prefix, start.scheduled);
  }
  if (!is_success(result.exit)) return {.error = exit_text(result.exit) + ", expected exit code 0"};
  return parse_metadata(text, job.name, start.scheduled);
}

// The text is what was printed, performance data and all.
void fill_check(Round& round, const ExecJob& job, const RoundStart& start,
                const CommandResult& result) {
  const std::string& text = result.output.text();
  record::CheckResult judged =
      result_of(job, start.scheduled, check_status(result.exit), check_text(text));
  ParsedOutput performance = parse_performance(job, start, result);
  for (record::Record& one : performance.records) {
    judged.samples.push_back(std::move(std::get<record::Sample>(one)));
  }
  round.dropped = performance.dropped;
  round.faults = std::move(performance.faults);
  round.records = {std::move(judged)};
}

void fill(Round& round, const ExecJob& job, const RoundStart& start, CommandResult& result,
          WallTime end) {
  if (job.kind == config::JobKind::check) {
    fill_check(round, job, start, result);
  } else if (job.kind == config::JobKind::metadata || start.purpose == Purpose::graph_definitions) {
    take(round, parse_json(job, start, result));
  } else {
    take(round, parse_metrics(job, start, result, end));
  }
}

}  // namespace

std::size_t output_limit(const ExecJob& job) {
  return job.kind == config::JobKind::check ? longest_check_text : longest_output;
}

Round ended_round(const ExecJob& job, const RoundStart& start, CommandResult result, RoundEnd end) {
  if (result.is_cancelled) {
    return failed_round(job, start, Outcome::cancelled, "the agent is stopping", end.steady);
  }
  if (result.is_immortal) {
    return failed_round(job, start, Outcome::timed_out, "command timed out and cannot be killed",
                        end.steady);
  }
  // Who caught TERM and ended by itself has the last word.
  if (result.is_timed_out && result.exit.by_signal) {
    return failed_round(job, start, Outcome::timed_out, "command timed out", end.steady);
  }
  Round round = bare_round(job, start, end.steady);
  fill(round, job, start, result, end.wall);
  return round;
}

Round failed_round(const ExecJob& job, const RoundStart& start, Outcome outcome, std::string reason,
                   SteadyTime end) {
  Round round = bare_round(job, start, end);
  round.outcome = outcome;
  if (job.kind == config::JobKind::check && outcome != Outcome::cancelled) {
    round.records = {result_of(job, start.scheduled, record::Status::unknown, reason)};
  }
  round.reason = std::move(reason);
  return round;
}

const record::CheckResult* check_result(const Round& round) {
  return round.records.empty() ? nullptr : std::get_if<record::CheckResult>(&round.records.front());
}

}  // namespace shoal::run
