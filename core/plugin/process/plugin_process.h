// One process with one plugin in it, from its start to its end: frames to and fro, its outputs as
// lines, its last words. Restarts nothing and knows no calls. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/child_process.h"
#include "base/clock.h"
#include "base/unique_fd.h"
#include "plugin/process/death.h"
#include "plugin/process/watch.h"
#include "plugin/wire/channel.h"
#include "plugin/wire/messages.h"

namespace shoal::plugin {

// How a plugin's process is started; the same each time.
struct Launch {
  std::string host_program;  // shoal-plugin-host
  std::string file;          // as people call it
  std::string library;       // the private copy to map; empty for a wire plugin
  std::string program;       // a wire plugin
  std::string user;          // empty: the agent's
  std::uint64_t memory_limit_bytes = default_memory_limit;
  bool has_call_filter = false;
  std::vector<std::pair<std::string, std::string>> env;
};

class PluginProcess {
 public:
  // Throws Error, in words for the operator.
  explicit PluginProcess(const Launch& launch);
  // Kills the process and all of its group.
  ~PluginProcess() = default;
  PluginProcess(const PluginProcess&) = delete;
  PluginProcess& operator=(const PluginProcess&) = delete;

  pid_t pid() const { return child_.pid(); }

  template <class... Message>
  void send(const Message&... message) {
    channel_.send(wire::to_json(message...));
  }

  enum class Sign : std::uint8_t {
    message,
    ended,    // it is no more, and all it said has been handed out
    time_up,  // `until` has come
    woken     // `wake_fd` was readable; it has been read
  };
  struct Event {
    Sign sign = Sign::time_up;
    std::optional<wire::FromPlugin> message;
  };
  // Waits for whichever comes first. Throws wire::WireError for what is not a message.
  Event next(const Clock& clock, SteadyTime until, int wake_fd);

  // A whole line that it wrote to standard output or error, if there is one.
  std::optional<std::string> take_line();
  // The last lines it wrote, whether taken or not, oldest first.
  const std::deque<std::string>& last_lines() const { return last_lines_; }
  // Begins a round: the next 64 KiB of lines are handed out.
  void allow_lines();

  void kill() { child_.kill(); }
  // Once it has ended.
  Death death() const;

 private:
  struct Started;
  struct Stream {
    std::string_view name;
    std::string begun;
  };

  static Started start(const Launch& launch);
  explicit PluginProcess(Started started);
  // Whether `wake_fd` was readable.
  bool wait(const Clock& clock, SteadyTime until, int wake_fd);
  void exchange();
  void end_without_socket();
  void notice_end();
  void read_stream(UniqueFd& fd, Stream& stream);
  void take_lines(Stream& stream);
  void add_line(std::string_view stream, std::string_view line);

  UniqueFd last_words_;
  wire::Channel channel_;
  ChildProcess child_;
  bool is_socket_open_ = true;
  bool has_closed_socket_ = false;  // and would not end
  std::optional<ExitStatus> exit_;
  std::array<Stream, 2> streams_{{{"stdout", {}}, {"stderr", {}}}};
  std::deque<std::string> lines_;
  std::deque<std::string> last_lines_;
  std::size_t allowed_bytes_ = 0;
  std::uint64_t unshown_lines_ = 0;
};

}  // namespace shoal::plugin
