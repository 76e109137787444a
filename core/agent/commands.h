// What each command of the command line does. Each returns the exit code and throws what main
// reports: UsageError (2), any other exception (1).
#pragma once

#include <string>

#include "agent/arguments.h"

namespace shoal::agent {

int run_command(const Arguments& arguments);

// The socket of the agent that the same --conf, --root and --socket would start.
std::string socket_path(const Arguments& arguments);

// The commands that are more than a few lines, in files of their own.
int run_agent(const Arguments& arguments);
int supervise(const Arguments& arguments);
int once(const Arguments& arguments);
int configtest(const Arguments& arguments);
int check(const Arguments& arguments);
int show_status(const Arguments& arguments);
int acknowledge(const Arguments& arguments);
int notify(const Arguments& arguments);
int log_exec(const Arguments& arguments);
int show_history(const Arguments& arguments);
int list_plugins(const Arguments& arguments);
int show_plugin(const Arguments& arguments);
int run_plugin(const Arguments& arguments);
int test_plugin(const Arguments& arguments);
int new_plugin(const Arguments& arguments);
int list_crashes(const Arguments& arguments);
int show_crash(const Arguments& arguments);
int init(const Arguments& arguments);
int retire(const Arguments& arguments);
int zabbix_get(const Arguments& arguments);

}  // namespace shoal::agent
