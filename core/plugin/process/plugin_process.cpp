#include "plugin/process/plugin_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <fmt/core.h>

#include "base/error.h"
#include "base/utf8.h"

namespace shoal::plugin {
namespace {

constexpr std::size_t longest_line = 1024;
constexpr std::size_t most_line_bytes = 64UL * 1024;
constexpr std::size_t most_last_lines = 64;
constexpr std::size_t most_last_words = 4096;
constexpr int patience_for_end_ms = 200;

// What no plugin has to know.
const std::vector<std::string> secrets{"MACKEREL_APIKEY", "MACKEREL_AGENT_SUPERVISED"};

std::pair<UniqueFd, UniqueFd> open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("open a pipe for a plugin");
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

UniqueFd open_library(const Launch& launch) {
  if (launch.library.empty()) return {};
  UniqueFd fd(open(launch.library.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw Error(fmt::format("open {}: {}", launch.library, errno_text(errno)));
  return fd;
}

std::vector<std::string> words_of(const Launch& launch) {
  std::vector<std::string> words{launch.host_program};
  if (!launch.user.empty()) words.insert(words.end(), {"--user", launch.user});
  words.insert(words.end(), {"--memory", std::to_string(launch.memory_limit_bytes)});
  if (launch.has_call_filter) words.insert(words.end(), {"--seccomp", "yes"});
  if (!launch.program.empty()) words.insert(words.end(), {"--exec", launch.program});
  return words;
}

int milliseconds_until(const Clock& clock, SteadyTime until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock.steady());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

}  // namespace

struct PluginProcess::Started {
  ChildProcess child;
  UniqueFd socket;
  UniqueFd last_words;
};

PluginProcess::Started PluginProcess::start(const Launch& launch) {
  auto [ours, theirs] = wire::open_socket_pair();
  auto [last_words, written] = open_pipe();
  const auto library = open_library(launch);
  Program program{.words = words_of(launch),
                  .env = launch.env,
                  .unset = secrets,
                  .descriptors = {theirs.get(), written.get()}};
  program.env.emplace_back("SHOAL_WIRE", "1");
  if (library) program.descriptors.push_back(library.get());
  auto child = ChildProcess::start(program);
  if (const auto* failure = std::get_if<StartFailure>(&child)) throw Error(failure->text);
  return {std::get<ChildProcess>(std::move(child)), std::move(ours), std::move(last_words)};
}

PluginProcess::PluginProcess(const Launch& launch) : PluginProcess(start(launch)) {}

PluginProcess::PluginProcess(Started started)
    : last_words_(std::move(started.last_words)),
      channel_(std::move(started.socket)),
      child_(std::move(started.child)) {}

PluginProcess::Event PluginProcess::next(const Clock& clock, SteadyTime until, int wake_fd) {
  for (;;) {
    if (auto frame = channel_.take()) return {Sign::message, wire::parse_from_plugin(*frame)};
    if (exit_) return {Sign::ended, {}};
    if (clock.steady() >= until) return {Sign::time_up, {}};
    if (wait(clock, until, wake_fd)) return {Sign::woken, {}};
  }
}

bool PluginProcess::wait(const Clock& clock, SteadyTime until, int wake_fd) {
  // Most frames go out at once.
  if (channel_.has_unsent()) channel_.flush();
  const auto on_socket = static_cast<short>(POLLIN | (channel_.has_unsent() ? POLLOUT : 0));
  std::array<pollfd, 5> waiting{{{wake_fd, POLLIN, 0},
                                 {child_.exit_fd(), POLLIN, 0},
                                 {child_.output().get(), POLLIN, 0},
                                 {child_.errors().get(), POLLIN, 0},
                                 {is_socket_open_ ? channel_.fd() : -1, on_socket, 0}}};
  poll(waiting.data(), waiting.size(), milliseconds_until(clock, until));
  read_stream(child_.output(), streams_[0]);
  read_stream(child_.errors(), streams_[1]);
  exchange();
  if (waiting[1].revents != 0) notice_end();
  if (waiting[0].revents == 0) return false;
  std::uint64_t count = 0;
  return read(wake_fd, &count, sizeof(count)) > 0;
}

void PluginProcess::exchange() {
  if (!is_socket_open_) return;
  is_socket_open_ = channel_.flush();
  is_socket_open_ = channel_.receive() && is_socket_open_;
  if (!is_socket_open_ && !exit_) end_without_socket();
}

// It can serve nobody, whatever else it does. The socket of one that is ending closes first.
void PluginProcess::end_without_socket() {
  pollfd ended{child_.exit_fd(), POLLIN, 0};
  if (poll(&ended, 1, patience_for_end_ms) > 0) return;
  has_closed_socket_ = true;
  child_.kill();
}

// What it wrote last may have come after we read, and before we saw that it had ended.
void PluginProcess::notice_end() {
  child_.kill();  // what it left behind in its group
  exit_ = child_.reap();
  if (!exit_) return;
  exchange();
  read_stream(child_.output(), streams_[0]);
  read_stream(child_.errors(), streams_[1]);
}

void PluginProcess::read_stream(UniqueFd& fd, Stream& stream) {
  std::array<char, 4096> buffer;
  // So much at a time: one that never stops writing must not keep us.
  for (int turns = 0; fd && turns < 16; ++turns) {
    const auto count = read(fd.get(), buffer.data(), buffer.size());
    if (count == 0) fd.reset();
    if (count <= 0) break;
    stream.begun.append(buffer.data(), static_cast<std::size_t>(count));
    take_lines(stream);
  }
}

void PluginProcess::take_lines(Stream& stream) {
  std::string_view rest = stream.begun;
  for (;;) {
    const auto end = rest.find('\n');
    const bool is_long = end == std::string_view::npos && rest.size() >= longest_line;
    if (end == std::string_view::npos && !is_long) break;
    add_line(stream.name, rest.substr(0, is_long ? longest_line : end));
    rest.remove_prefix(is_long ? longest_line : end + 1);
  }
  stream.begun = std::string(rest);
}

void PluginProcess::add_line(std::string_view stream, std::string_view line) {
  auto text = fmt::format("{}: {}", stream, to_utf8(line.substr(0, longest_line), longest_line));
  last_lines_.push_back(text);
  if (last_lines_.size() > most_last_lines) last_lines_.pop_front();
  if (line.size() > allowed_bytes_) {
    ++unshown_lines_;
    return;
  }
  allowed_bytes_ -= line.size();
  lines_.push_back(std::move(text));
}

std::optional<std::string> PluginProcess::take_line() {
  if (lines_.empty()) return std::nullopt;
  auto line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

void PluginProcess::allow_lines() {
  if (unshown_lines_ > 0) {
    lines_.push_back(fmt::format("{} more lines were written and are not shown",
                                 std::exchange(unshown_lines_, 0)));
  }
  allowed_bytes_ = most_line_bytes;
}

Death PluginProcess::death() const {
  std::array<char, most_last_words> words{};
  const auto size = read(last_words_.get(), words.data(), words.size());
  auto death = parse_death(exit_.value_or(ExitStatus{.by_signal = false, .code = -1}),
                           {words.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
  death.has_closed_socket = has_closed_socket_;
  return death;
}

}  // namespace shoal::plugin
