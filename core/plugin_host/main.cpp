// shoal-plugin-host: the process in which one plugin lives when its isolation is "process". Started
// by the agent only, with descriptors
//   3  the socket on which docs/wire-protocol.md is spoken
//   4  where the last words go if the process dies of a fault
//   5  the plugin's shared object, examined by the agent
//
//   shoal-plugin-host [LIMIT]...                  serves the plugin on 5
//   shoal-plugin-host [LIMIT]... --exec PROGRAM   becomes a wire plugin
//
// LIMIT is --user NAME, --memory BYTES or --seccomp yes.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

#include "base/error.h"
#include "plugin_host/agent_link.h"
#include "plugin_host/confinement.h"
#include "plugin_host/fault_handler.h"
#include "plugin_host/plugin_server.h"

namespace {

using namespace shoal;
using namespace shoal::plugin_host;

constexpr int socket_fd = 3;
constexpr int last_words_fd = 4;
constexpr int failed_to_confine = 125;  // as shells say that a command was not even begun

struct Arguments {
  Confinement confinement;
  const char* program = nullptr;
};

Arguments parse(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view flag = words[i];
    const std::string_view value = words[i + 1];
    if (flag == "--user") {
      arguments.confinement.user = value;
    } else if (flag == "--memory") {
      std::from_chars(value.data(), value.data() + value.size(),
                      arguments.confinement.memory_bytes);
    } else if (flag == "--exec") {
      arguments.program = words[i + 1];
    } else if (flag == "--seccomp") {
      arguments.confinement.has_call_filter = value == "yes";
    } else {
      throw Error("unknown argument " + std::string(flag));
    }
  }
  return arguments;
}

void become_program(const char* program) {
  fcntl(last_words_fd, F_SETFD, FD_CLOEXEC);
  execl(program, program, nullptr);
  throw_errno(std::string("run ") + program);
}

}  // namespace

int main(int count, char** words) {
  try {
    const auto arguments = parse(count, words);
    confine(arguments.confinement);
    if (arguments.program != nullptr) become_program(arguments.program);
    fcntl(socket_fd, F_SETFD, FD_CLOEXEC);
    fcntl(last_words_fd, F_SETFD, FD_CLOEXEC);
    report_faults_to(last_words_fd);
    std::signal(SIGPIPE, SIG_IGN);  // as in the agent: what a plugin writes to may be gone
    AgentLink agent{UniqueFd(socket_fd)};
    PluginServer(agent, "/proc/self/fd/5").run();
  } catch (const std::exception& error) {
    fprintf(stderr, "shoal-plugin-host: %s\n", error.what());
    return failed_to_confine;
  }
}
