#include "agent/commands.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <optional>
#include <thread>

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/utsname.h>

#include "agent/agent.h"
#include "agent/configuration.h"
#include "agent/environment.h"
#include "agent/pid_file.h"
#include "agent/replacement_watch.h"
#include "agent/round_text.h"
#include "agent/version.h"
#include "base/memory.h"
#include "control/status.h"
#include "control/status_server.h"

namespace shoal::agent {
namespace {

using Command = int (*)(const Arguments&);

int reload(const Arguments& arguments) {
  const control::Answer answer = control::ask(socket_path(arguments), "POST", "/reload");
  if (answer.status != 200) throw Error("reload refused:\n" + answer.body);
  fmt::print("reloaded\n");
  return 0;
}

int reset_plugin(const Arguments& arguments) {
  const auto& job = arguments.operands.front();
  const control::Answer answer = control::ask(socket_path(arguments), "POST", "/reset/" + job);
  if (answer.status != 200) throw Error(answer.body);
  fmt::print("{}: will be started again\n", job);
  return 0;
}

bool is_running(const std::string& socket) {
  try {
    control::ask(socket, "GET", "/");
    return true;
  } catch (const Error&) {
    return false;
  }
}

int stop(const Arguments& arguments) {
  const std::string socket = socket_path(arguments);
  const control::Answer answer = control::ask(socket, "POST", "/stop");
  if (answer.status != 200) throw Error(answer.body);
  for (int tenths = 0; is_running(socket); ++tenths) {
    if (tenths == 20) fmt::print(stderr, "waiting for rounds in progress to end ...\n");
    if (tenths == 600) throw Error("the agent still runs after a minute");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  fmt::print("stopped\n");
  return 0;
}

int version(const Arguments&) {
  utsname system{};
  ::uname(&system);
  fmt::print("shoal version {} (rev {}) [linux {}]\n", shoal::version, revision, system.machine);
  return 0;
}

// Of a file that cannot be read nothing is known, not even where plugins are.
bool is_read(const std::vector<config::Problem>& errors) {
  return std::none_of(errors.begin(), errors.end(),
                      [](const config::Problem& problem) { return problem.where.line == 0; });
}

int help(const Arguments& arguments) {
  std::string name;
  for (const std::string& word : arguments.operands) name += (name.empty() ? "" : " ") + word;
  fmt::print("{}", name.empty() ? help_text() : help_text(name));
  return 0;
}

const std::map<std::string_view, Command> commands{
    {"run", run_agent},
    {"supervise", supervise},
    {"once", once},
    {"configtest", configtest},
    {"check", check},
    {"status", show_status},
    {"history", show_history},
    {"reload", reload},
    {"stop", stop},
    {"plugin list", list_plugins},
    {"plugin info", show_plugin},
    {"plugin run", run_plugin},
    {"plugin test", test_plugin},
    {"plugin new", new_plugin},
    {"plugin reset", reset_plugin},
    {"ack", acknowledge},
    {"notify", notify},
    {"log-exec", log_exec},
    {"crash list", list_crashes},
    {"crash show", show_crash},
    {"init", init},
    {"retire", retire},
    {"zabbix-get", zabbix_get},
    {"version", version},
    {"help", help},
};

}  // namespace

std::string socket_path(const Arguments& arguments) {
  if (const auto path = arguments.value("socket")) return *path;
  return require_configuration(arguments).socket;
}

int run_agent(const Arguments& arguments) {
  share_one_heap();
  const config::Settings settings = require_configuration(arguments);
  prepare_environment(settings);
  prepare_root(settings.root);
  const PidFile pid_file(arguments.has("child") ? "" : settings.pidfile);
  // A supervisor that is killed leaves none behind that would keep the next from starting.
  if (arguments.has("child")) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  Agent::Options options{.read_settings = [&] { return require_configuration(arguments); },
                         .on_round = {}};
  if (arguments.has("print-rounds")) {
    options.on_round = [](const run::Round& round) {
      fmt::print("{}\n", round_text(round));
      std::fflush(stdout);
    };
  }
  Agent agent(settings, std::move(options));
  std::optional<ReplacementWatch> watch;
  if (arguments.has("private-autoshutdown")) watch.emplace();
  return agent.run();
}

int show_status(const Arguments& arguments) {
  const control::Answer answer = control::ask(socket_path(arguments), "GET", "/status");
  if (answer.status != 200) throw Error(answer.body);
  if (arguments.has("json")) {
    fmt::print("{}\n", answer.body);
  } else {
    fmt::print("{}", control::to_text(control::from_json(answer.body)));
  }
  return 0;
}

int configtest(const Arguments& arguments) {
  const config::ReadResult result = read_configuration(arguments);
  bool is_clean = result.errors.empty();
  for (const config::Problem& problem : result.errors) {
    fmt::print(stderr, "[CRITICAL] {}\n", config::to_line(problem));
  }
  for (const config::Warning& warning : result.settings.warnings) {
    is_clean = is_clean && warning.is_advice;
    fmt::print(stderr, "[{}] {}\n", warning.is_advice ? "ADVICE" : "WARNING",
               config::to_line(warning));
  }
  if (is_read(result.errors)) {
    const SystemClock clock;
    Services services(result.settings, clock);
    for (const std::string& fault : plugin_faults(result.settings, services.registry())) {
      is_clean = false;
      fmt::print(stderr, "[CRITICAL] {}\n", fault);
    }
  }
  const std::string& file = result.settings.main_file;
  if (is_clean) fmt::print(stderr, "SUCCESS ({})\n", file.empty() ? "(built in)" : file);
  return is_clean ? 0 : 1;
}

int run_command(const Arguments& arguments) {
  if (arguments.wants_help()) {
    fmt::print("{}", arguments.command == "run" ? help_text() + "\n" + help_text("run")
                                                : help_text(arguments.command));
    return 0;
  }
  return commands.at(arguments.command)(arguments);
}

}  // namespace shoal::agent
