#include "run/running_command.h"

#include <array>
#include <cerrno>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <sys/ioctl.h>

namespace shoal::run {
namespace {

// How long TERM, and then KILL, are given to work.
constexpr std::chrono::seconds patience{10};

// What is read at one wake-up: so much that a pipe is soon empty, so little that a command that
// prints without end does not keep the loop from anything else.
using Chunk = std::array<char, 16UL * 1024>;

}  // namespace

RunningCommand::RunningCommand(Surroundings surroundings, ChildProcess child, Limits limits,
                               Handlers handlers)
    : around_(surroundings),
      child_(std::move(child)),
      handlers_(std::move(handlers)),
      result_{.output = OutputCapture(limits.output_bytes),
              .errors = OutputCapture(limits.error_bytes)} {
  watch_stream(child_.output(), result_.output);
  watch_stream(child_.errors(), result_.errors);
  around_.loop.watch(child_.exit_fd(), [this] { take_exit(); });
  wait_until(around_.clock.steady() + limits.timeout);
}

RunningCommand::~RunningCommand() {
  close_all();
}

void RunningCommand::watch_stream(UniqueFd& fd, OutputCapture& capture) {
  around_.loop.watch(fd.get(), [this, &fd, &capture] { read_some(fd, capture); });
}

void RunningCommand::close_stream(UniqueFd& fd) {
  if (!fd) return;
  around_.loop.unwatch(fd.get());
  fd.reset();
}

void RunningCommand::read_some(UniqueFd& fd, OutputCapture& capture) {
  Chunk chunk;
  const ssize_t size = read(fd.get(), chunk.data(), chunk.size());
  if (size > 0) {
    capture.append({chunk.data(), static_cast<std::size_t>(size)});
  } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
    close_stream(fd);
  }
}

// Only what the pipe holds now: a descendant that still has it may print forever, or never again.
void RunningCommand::drain(UniqueFd& fd, OutputCapture& capture) {
  int held = 0;
  if (!fd || ioctl(fd.get(), FIONREAD, &held) != 0) return;
  for (int rest = held; fd && rest > 0; rest -= static_cast<int>(sizeof(Chunk))) {
    read_some(fd, capture);
  }
}

void RunningCommand::take_exit() {
  drain(child_.output(), result_.output);
  drain(child_.errors(), result_.errors);
  around_.loop.unwatch(child_.exit_fd());
  // What was told to end and is left of the group goes now, while its number is still ours.
  if (stage_ != Stage::running) child_.kill();
  result_.exit = child_.reap().value_or(ExitStatus{.code = -1});
  close_all();

  const Handlers handlers = std::move(handlers_);  // `gone` may destroy us
  if (stage_ != Stage::given_up) handlers.ended(std::move(result_));
  handlers.gone();
}

void RunningCommand::close_all() {
  around_.timers.cancel(timer_);
  close_stream(child_.output());
  close_stream(child_.errors());
  if (child_.exit_fd() >= 0) around_.loop.unwatch(child_.exit_fd());
}

void RunningCommand::cancel() {
  if (stage_ != Stage::running) return;
  result_.is_cancelled = true;
  terminate();
}

void RunningCommand::wait_until(SteadyTime due) {
  around_.timers.cancel(timer_);
  timer_ = around_.timers.call_at(due, [this] { lose_patience(); });
}

void RunningCommand::terminate() {
  stage_ = Stage::terminated;
  child_.terminate();
  wait_until(around_.clock.steady() + patience);
}

void RunningCommand::lose_patience() {
  if (stage_ == Stage::running) {
    result_.is_timed_out = true;
    terminate();
  } else if (stage_ == Stage::terminated) {
    stage_ = Stage::killed;
    child_.kill();
    wait_until(around_.clock.steady() + patience);
  } else {
    // In uninterruptible sleep, for example on a dead file server. The round ends without it.
    stage_ = Stage::given_up;
    result_.is_immortal = true;
    close_stream(child_.output());
    close_stream(child_.errors());
    handlers_.ended(std::move(result_));
  }
}

}  // namespace shoal::run
