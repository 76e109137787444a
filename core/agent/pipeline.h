// THE WIRING: the only place where the stages meet. Records go one way: a round comes from a
// runner, the alert stage adds an event where a check's state changed, each record is given its
// outputs by the router, the recorder commits it to the queue and the history, and the outputs'
// delivery threads take it from there. What comes back is numbers, in the status.
//
// Loop thread only, save where said.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agent/check_answer.h"
#include "agent/output_line.h"
#include "agent/recorder.h"
#include "agent/work.h"
#include "alert/alert_store.h"
#include "alert/alerts.h"
#include "base/clock.h"
#include "base/event_loop.h"
#include "base/timers.h"
#include "control/status.h"
#include "relay/relay.h"
#include "route/router.h"
#include "run/exec_runner.h"
#include "run/plugin_runner.h"
#include "schedule/scheduler.h"

namespace shoal::agent {

class Pipeline {
 public:
  struct Surroundings {
    EventLoop& loop;  // these three outlive the pipeline, and rest once it is gone
    Timers& timers;
    const Clock& clock;
    queue::Queue* queue = nullptr;                    // likewise; null: nothing is durable
    std::unique_ptr<history::Writer> history;         // null: none is kept
    std::unique_ptr<alert::AlertStore> alerts;        // null: states end with the process
    std::function<void(const run::Round&)> on_round;  // for the terminal; may be empty
  };

  explicit Pipeline(Surroundings surroundings);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Takes up this work instead of the present one; what is the same goes on undisturbed, and a job
  // of which only the plugin's file has changed keeps its phase, its numbers and what its counters
  // read. The lines of outputs that are gone or changed must have been stopped: see
  // lines_to_stop().
  void apply(Work work);
  Work work() const;
  // The output lines that apply(next) would end. Stopping one may take as long as a delivery, so it
  // is done off the loop thread.
  std::vector<std::shared_ptr<OutputLine>> lines_to_stop(const Work& next) const;

  // To be called after someone set the wall clock.
  void clock_stepped();

  // Starts no further rounds and calls `idle` once none runs any more and the plugins have said
  // farewell. Rounds that outlast `patience` are asked to end, and soon not waited for.
  void stop_rounds(std::chrono::milliseconds patience, std::function<void()> idle);
  // After stop_rounds(): commits what is left and gives each output one last chance to deliver it,
  // for at most `patience`. Blocks.
  void flush(std::chrono::milliseconds patience);
  // After flush(): whether some thread cannot be joined, so that the process must end by _exit.
  bool has_stuck_threads() const;

  void fill(control::Status& status) const;

  // What the agent has to say about itself, as the result of a check of its own.
  void say(record::Status status, std::string text);

  // What the agent said of itself before it was started is over.
  void begin_anew();

  // Notes that someone has seen the problem of a check ("check:web"), or wants to be reminded of it
  // after all. Returns why that cannot be; empty when it is done.
  std::string acknowledge(std::string_view job, alert::Acknowledgement acknowledgement);
  std::string end_acknowledgement(std::string_view job, const std::string& by);
  alert::StoreHealth alert_health() const;

  // Takes events that came from outside, all or none, and returns when they are on disk. From any
  // thread, until flush().
  relay::Kept keep(std::vector<record::Event> events);
  // Whether some output would keep an event of that job.
  bool keeps_event(const std::string& job) const;

  // Of a configured check that has had a round.
  std::optional<LastResult> last_result(const std::string& check) const;

  // Ends the quarantine, or the wait after a crash, of a job's or an output's plugin ("metric:x",
  // "output:ops"). False if there is none of that name.
  bool forgive(std::string_view id);

 private:
  struct JobState {
    std::string last_outcome;
    std::string last_reason;
    std::chrono::nanoseconds last_duration{};
    std::uint64_t last_records = 0;
    std::uint64_t failures = 0;
    std::uint64_t dropped = 0;
    std::optional<record::CheckResult> last_result;  // checks
    bool is_stuck = false;
    bool is_quarantined = false;
  };
  struct JobEntry {
    Job job;
    // A round in progress speaks for the job it was started as, also after a reload.
    std::shared_ptr<JobState> state;
  };
  using JobMap = std::map<std::string, JobEntry>;  // by id
  // Which outputs keep an event, for threads that may not look at the outputs.
  struct EventRoutes {
    route::Router router;
    std::vector<queue::OutputMask> masks;  // in the router's order

    queue::OutputMask of(const record::Record& event) const;
  };
  using Lines = std::vector<std::shared_ptr<OutputLine>>;

  void apply_outputs(std::vector<Output> outputs);
  void apply_jobs(std::vector<Job> jobs);
  void retire(const Job& job, const Job* heir);
  void announce_graphs(const Job& job);
  void start_round(const std::string& id, WallTime scheduled);
  void finish_round(JobState& state, run::Round round);
  void retry_graph_run(const std::string& id, const std::string& reason,
                       const run::ExecRunner::Job& command);
  static void note(JobState& state, const run::Round& round);
  static void note_faults(const run::Round& round);
  void report_stuck(JobState& state, const run::Round& round);
  void report_quarantine(JobState& state, const run::Round& round);
  void report(WallTime time, record::Status status, std::string text);
  void record(std::vector<record::Record> records);
  queue::Entry routed(record::Record record);
  std::shared_ptr<const EventRoutes> event_routes() const;
  bool is_urgent(const record::Record& record);

  // pipeline_alerts.cpp
  void apply_alerts(const std::vector<Job>& jobs, std::vector<config::SilenceSettings> silences);
  void tell_again();
  void heed(const record::CheckResult& result);
  void heed(alert::Changes changes);
  bool note_changes(alert::Changes changes);
  void pass_time();
  void arm_alert_timer();
  void on_commit(Recorder::Commit commit);
  void hand_over_events();
  alert::Moment moment() const;
  std::optional<control::CheckStatus> check_status(const std::string& id) const;

  void notify_outputs(queue::OutputMask outputs, queue::OutputMask urgent);
  void cancel_overdue_deliveries();
  void cancel_rounds();
  void end_jobs();
  void end_farewell();
  void go_idle();
  std::shared_ptr<OutputLine> find_line(const Output& output) const;
  bool has_stuck_output() const;
  control::JobStatus status_of(const schedule::JobStatus& scheduled) const;

  Surroundings around_;
  schedule::Scheduler scheduler_;
  run::ExecRunner exec_runner_;
  run::PluginRunner plugin_runner_;

  JobMap jobs_;
  std::map<std::string, record::Status> statuses_;  // of each check, the last one
  Lines outputs_;                                   // in the router's order
  bool has_left_stuck_output_ = false;
  route::Router router_{{}};

  std::vector<record::Event> untold_;  // of an earlier run, until there are outputs for them
  alert::Alerts alerts_;
  std::vector<config::SilenceSettings> silences_;
  Timers::Id alert_timer_ = 0;
  std::optional<SteadyTime> alert_due_;  // for which the timer is set
  mutable std::mutex mutex_;
  std::vector<record::Event> committed_events_;  // under the mutex, as the next
  std::shared_ptr<const EventRoutes> event_routes_;

  std::function<void()> on_idle_;
  bool is_ending_jobs_ = false;
  std::size_t farewells_ = 0;  // that are not over

  std::unique_ptr<Recorder> recorder_;  // last, so gone first: its thread uses the others
};

}  // namespace shoal::agent
