// The program shoal-zabbix-get, which `shoal zabbix-get` runs: asks a Zabbix agent for the values
// of items. Exit codes: 0 all were had, 1 one was not, 2 usage.

#include <cstdio>
#include <ctime>

#include <fmt/core.h>

#include "common/deadline.h"
#include "zabbix_get/command_line.h"
#include "zabbix_get/output.h"

namespace {

using namespace shoal::zabbix_get;

void require_written(bool is_written) {
  if (!is_written) shoal::throw_errno("write standard output");
}

void print(const std::string& text) {
  require_written(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

// An earlier write that fell short leaves nothing to flush, and its mark.
void finish() {
  require_written(std::fflush(stdout) == 0 && std::ferror(stdout) == 0);
}

int get(const CommandLine& line) {
  shoal::zabbix::Agent agent(line.host, line.port, line.protocol);
  const auto answers = agent.ask(line.keys, shoal::common::Deadline(line.timeout));
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  bool has_all = true;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& name = line.name.empty() ? line.keys[i] : line.name;
    if (answers[i].is_value()) {
      print(line_of(line.format, name, answers[i].text, now));
    } else {
      has_all = false;
      fmt::print(stderr, "shoal zabbix-get: {}: {}: {}\n", agent.name(), line.keys[i],
                 answers[i].reason());
    }
  }
  finish();
  return has_all ? 0 : 1;
}

int run(const CommandLine& line) {
  if (!line.wants_help) return get(line);
  print(usage());
  finish();
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  return run(parse_command_line({argv + 1, argv + argc}));
} catch (const UsageError& error) {
  fmt::print(stderr, "shoal zabbix-get: {}; see shoal zabbix-get --help\n", error.what());
  return 2;
} catch (const std::exception& error) {
  fmt::print(stderr, "shoal zabbix-get: {}\n", error.what());
  return 1;
}
